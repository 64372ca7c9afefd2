import { IngestorError } from '@tracebloc/ingestor-contract';
import type { RunContext } from '../run-context.js';
import { compareColumns } from './compare-columns.js';

/**
 * Compares the dataset that was just published with what was loaded, once for each run, before anybody is told of it.
 * Throws an `IngestorError` where it differs.
 */
export async function verifyPublished({ config, database, run, signal, observer }: RunContext): Promise<void> {
  const { ledger } = database;
  const { runId, table } = run;
  const now = (await ledger.get(runId))!;
  if (now.verified) return;
  observer.debug(`Verifying run ${runId}.`);
  const expected = await ledger.checksums(runId);
  if (!expected) {
    observer.info(
      `Run ${runId} was staged by a version that kept no checksums; it is not compared with what was loaded.`,
    );
    return;
  }
  const total = await database.count(table);
  const loaded = now.staged;
  if (total !== loaded || loaded !== expected.records) {
    throw differs(table, `it has ${total} rows, and ${expected.records} were loaded`);
  }
  const told = (records: number) => observer.progress({ phase: 'verify', records, done: records, total });
  told(0);
  const { differing } = await compareColumns(database, table, config.columns, expected, { signal, told });
  if (differing.length > 0) {
    const names = differing.map((name) => JSON.stringify(name)).join(', ');
    throw differs(
      table,
      `of its ${total} rows, what is in ${differing.length === 1 ? 'column' : 'columns'} ${names} is something else`,
    );
  }
  await ledger.markVerified(runId);
  observer.info(`The dataset is what was loaded: ${total} rows were read and compared.`);
}

function differs(table: string, what: string): IngestorError {
  return new IngestorError({
    code: 'published-differs',
    message: `Table ${table} is published, but is not what was loaded: ${what}. Nothing was registered.`,
    fix: [
      'Find out what else writes to the table, or whether the server or its disk is at fault.',
      `ingestor datasets verify ${table} tells all that differs; the same command compares again.`,
      'To load the dataset anew, run again with --restart --overwrite.',
    ],
  });
}
