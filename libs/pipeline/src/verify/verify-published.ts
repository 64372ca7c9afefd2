import { IngestorError, InterruptedError } from '@tracebloc/ingestor-contract';
import { LabelTally, ListChecksum, type Checksums } from '@tracebloc/ingestor-storage';
import { hasClasses } from '../pair-check.js';
import type { RunContext } from '../run-context.js';
import { withStanding } from '../register.js';
import { compareColumns } from './compare-columns.js';
import { compareFiles } from './compare-files.js';

/** Most names that an error lists. */
const MAX_LISTED = 5;

/**
 * Compares the dataset that was just published with what was loaded, once for each run, before anybody is told of it.
 * Throws an `IngestorError` where it differs.
 */
export async function verifyPublished(context: RunContext): Promise<void> {
  const { database, run, signal, observer } = context;
  const { ledger } = database;
  const { runId } = run;
  if ((await ledger.get(runId))?.verified) return;
  observer.debug(`Verifying run ${runId}.`);
  const loaded = await ledger.checksums(runId);
  if (!loaded) {
    observer.info('The dataset is not compared with what was loaded: an earlier version staged it, without checksums.');
    return;
  }
  const { records, files: [files] = [0] } = loaded;
  const tell = (done: number) => observer.progress({ phase: 'verify', records: done, done, total: records + files });
  const labels = hasClasses(context.config.task) ? new LabelTally() : undefined;
  tell(0);
  try {
    await verifyRows(context, loaded, tell, labels);
    if (loaded.files) await verifyFiles(context, loaded.files, (compared) => tell(records + compared));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw withStanding(new InterruptedError(), context, { total: records, sent: run.sent });
  }
  await keepLabels(context, labels);
  await ledger.markVerified(runId);
  observer.info(`The dataset is what was loaded: ${records} rows and ${files} files were read and compared.`);
}

async function verifyRows(
  { config, database, run: { table }, signal }: RunContext,
  loaded: Checksums,
  told: (records: number) => void,
  labels: LabelTally | undefined,
): Promise<void> {
  const { differing, found } = await compareColumns(database, table, config.columns, loaded, { signal, told, labels });
  const total = found.records;
  if (total !== loaded.records) throw differs(table, `it has ${total} rows, and ${loaded.records} were loaded`);
  if (differing.length === 0) return;
  const names = listed(
    differing.slice(0, MAX_LISTED).map((name) => JSON.stringify(name)),
    differing.length - MAX_LISTED,
  );
  throw differs(table, `${total} rows are there, but not with the values that were loaded into ${names}`);
}

/** So that showing the dataset need not count; what a server does not take is counted then. */
async function keepLabels({ database, run, observer }: RunContext, labels: LabelTally | undefined): Promise<void> {
  if (!labels?.result) return;
  await database.keepLabels(run.runId, labels.result).catch((error: unknown) => {
    observer.debug(`The counts of the labels are not kept: ${(error as Error).message}`);
  });
}

async function verifyFiles(
  { folders, run: { table, runId }, signal }: RunContext,
  [expected, sum]: NonNullable<Checksums['files']>,
  told: (files: number) => void,
): Promise<void> {
  const list = new ListChecksum();
  const differing: string[] = [];
  let [compared, others] = [0, 0];
  for await (const { name, differs: how } of compareFiles(
    folders.folderOf(table),
    folders.hashesOf(runId, list),
    signal,
  )) {
    if (how && differing.length < MAX_LISTED) differing.push(`${name} (${how})`);
    else if (how) others++;
    compared++;
    told(compared);
  }
  if (differing.length > 0)
    throw differs(table, `of its files some are not what was read: ${listed(differing, others)}`);
  const [lines, found] = list.result;
  if (lines === expected && found === sum) return;
  throw differs(table, `the list of its files' hashes has ${lines} lines, and not the ${expected} that were written`);
}

function listed(names: readonly string[], others = 0): string {
  return names.join(', ') + (others > 0 ? ` and ${others} more` : '');
}

function differs(table: string, what: string): IngestorError {
  return new IngestorError({
    code: 'published-differs',
    message: `${table} is published, but is not what was loaded: ${what}. Nothing was registered.`,
    fix: [
      'Find out what else writes to the table or the volume, or whether the server or a disk is at fault.',
      `ingestor datasets verify ${table} tells all that differs; the same command compares again.`,
      'To load the dataset anew, run again with --restart --overwrite; with --shards, delete it first: ' +
        `ingestor datasets delete ${table}`,
    ],
  });
}
