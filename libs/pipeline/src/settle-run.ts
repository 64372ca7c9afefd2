import { IngestorError } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { checkTarget } from './check-target.js';
import type { Places } from './places.js';
import { publishRun } from './publish.js';
import { dropRun } from './drop-run.js';
import { configHash, sourceFingerprint } from './fingerprint.js';

export interface SettledRun {
  run: RunRow;
  /** An earlier process began this run. */
  resumed: boolean;
}

/** Decides, under the table's lock, whether this is a new run or continues an earlier one, and whether it may start. */
export async function settleRun(
  config: RunConfig,
  { database, folders }: Places,
  newRunId: string,
  { overwrite = false, restart = false }: { overwrite?: boolean; restart?: boolean },
): Promise<SettledRun> {
  const { ledger } = database;
  const hash = configHash(config);
  const fingerprint = await sourceFingerprint(config.source);
  const earlier = await earlierRun({ database, folders }, config);
  const same = earlier?.configHash === hash && earlier.sourceFingerprint === fingerprint;

  if (earlier && same && !restart) {
    if (isHidden(earlier)) await checkTarget(config, { database, folders }, overwrite);
    await ledger.adopt(earlier.runId);
    return { run: earlier, resumed: true };
  }
  if (earlier && isHidden(earlier)) {
    if (!restart && earlier.staged > 0) throw sourceChanged(earlier, hash);
    await dropRun({ database, folders }, earlier.runId);
  }
  await checkTarget(config, { database, folders }, overwrite);
  const run = await ledger.begin({
    runId: newRunId,
    table: config.table,
    task: config.task.id,
    intent: config.intent,
    configHash: hash,
    sourceFingerprint: fingerprint,
    batchSize: config.batchSize,
  });
  return { run, resumed: false };
}

/** The table's run that left something. One cut off while it was being published is published first: it was complete. */
async function earlierRun(places: Places, config: RunConfig): Promise<RunRow | undefined> {
  const { database } = places;
  const { table } = config;
  const run = await database.ledger.current(table);
  if (!run) return undefined;
  if (run.state === 'publishing') {
    await publishRun(places, config, run);
    return { ...run, state: 'published' };
  }
  if (isHidden(run) || (await database.columnsOf(table))) return run;
  // Somebody dropped the table by hand: there is nothing to continue.
  await database.ledger.setState(run.runId, 'superseded');
  return undefined;
}

/** Staged, but not visible yet. */
export function isHidden(run: RunRow): boolean {
  return run.state === 'staging' || run.state === 'staged';
}

export function sourceChanged(earlier: RunRow, hash: string): IngestorError {
  const what = earlier.configHash === hash ? 'The source file' : 'The configuration';
  return new IngestorError({
    code: 'source-changed',
    message:
      `${what} changed since run ${earlier.runId} for table ${earlier.table} was cut off ` +
      `(started ${earlier.startedAt.toISOString()} on ${earlier.host}, ${earlier.staged} records staged).`,
    fix: [
      'Restore what it was and run again to continue that run,',
      'or add --restart to drop what it staged and begin anew.',
    ],
  });
}
