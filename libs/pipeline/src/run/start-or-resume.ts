import { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { StagingGoneError, stagingTable, type RunRow } from '@tracebloc/ingestor-storage';
import { checkTarget } from './check-target.js';
import { finishDeletion } from '../delete-dataset.js';
import type { Stores } from '../stores.js';
import { hasFiles } from './run-context.js';
import { publishRun } from './publish.js';
import { dropRun } from './drop-run.js';
import { isHidden, isSame, type RunIdentity } from '../read/fingerprint.js';
import type { RunObserver } from '../observer.js';
import { hasSameContent } from '../read/reread.js';

export interface StartedRun {
  run: RunRow;
  /** An earlier process began this run. */
  resumed: boolean;
}

export interface StartOptions {
  overwrite?: boolean;
  restart?: boolean;
  signal: AbortSignal;
  observer: RunObserver;
}

/**
 * Decides, under the table's lock, whether this is a new run or continues an earlier one, and whether it may start. A
 * shard joins the run that another has begun, also with `restart`, which is then about the shard alone.
 */
export async function startOrResumeRun(
  config: RunConfig,
  identity: RunIdentity,
  { database, folders }: Stores,
  newRunId: string,
  options: StartOptions,
): Promise<StartedRun> {
  const { overwrite = false, restart = false } = options;
  const { ledger } = database;
  const { shard } = config;
  await finishDeletion({ database, folders }, config.table);
  const earlier = await earlierRun({ database, folders }, config, { overwrite, restart });

  const isOurs =
    earlier &&
    isSame(earlier, identity) &&
    (!restart || shard) &&
    (await hasSameContent(config, earlier, identity, { database, folders, ...options }));
  if (isOurs) {
    if (isHidden(earlier)) {
      await checkTarget(config, { database, folders }, overwrite);
      if (hasFiles(config)) await folders.reserve(earlier.runId, earlier.table);
    }
    await ledger.adopt(earlier.runId);
    // Some shards may have read the files in the state that the run began with; one process reads all of them again.
    if (earlier.state === 'staging' && shard) return { run: earlier, resumed: true };
    const { sidecarState } = identity;
    await ledger.setSidecarState(earlier.runId, sidecarState);
    return { run: { ...earlier, sidecarState }, resumed: true };
  }
  if (earlier && isHidden(earlier)) {
    // Others may wait to join the run that begins here, but none may still be at work on that one.
    if (shard) await database.refuseLiveShards(config.table, earlier.runId);
    if (!restart && earlier.staged > 0) throw sourceChanged(earlier, identity);
    await dropRun({ database, folders }, earlier);
  }
  await checkTarget(config, { database, folders }, overwrite);
  const run = await ledger.begin({
    runId: newRunId,
    table: config.table,
    task: config.task.id,
    intent: config.intent,
    ...identity,
    batchSize: config.batchSize,
  });
  if (hasFiles(config)) await folders.reserve(run.runId, run.table);
  return { run, resumed: false };
}

/**
 * The table's run that left something. One cut off while it was being published is published first: it was complete. Where
 * that cannot be, and nobody has seen its rows, `restart` drops it, unless the new run may not begin.
 */
async function earlierRun(
  stores: Stores,
  config: RunConfig,
  { overwrite, restart }: { overwrite: boolean; restart: boolean },
): Promise<RunRow | undefined> {
  const { database } = stores;
  const { table } = config;
  const run = await database.ledger.current(table);
  if (!run) return undefined;
  if (run.state === 'publishing') {
    try {
      await publishRun(stores, config, run);
    } catch (error) {
      if (!restart) throw error;
      if (!(error instanceof StagingGoneError)) {
        if (!(await database.columnsOf(stagingTable(run.runId)))) throw error;
        await checkTarget(config, stores, overwrite);
        if (config.shard) await database.refuseLiveShards(table, run.runId);
      }
      await dropRun(stores, run);
      return undefined;
    }
    return { ...run, state: 'published' };
  }
  if (isHidden(run) || (await database.columnsOf(table))) return run;
  // Somebody dropped the table by hand: there is nothing to continue.
  await database.ledger.setState(run.runId, 'superseded');
  return undefined;
}

export function sourceChanged(earlier: RunRow, identity: RunIdentity): IngestorError {
  const what = whatChanged(earlier, identity);
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

function whatChanged(earlier: RunRow, identity: RunIdentity): string {
  if (earlier.configHash !== identity.configHash) return 'The configuration';
  const isSameFile = earlier.sourceFingerprint === identity.sourceFingerprint;
  return isSameFile && earlier.shards !== identity.shards ? 'The number of shards' : 'The source file';
}
