import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { StagingGoneError, stagingTable, type RunRow } from '@tracebloc/ingestor-storage';
import { finishDeletion } from '../delete-dataset.js';
import { errors } from '../errors.js';
import type { RunObserver } from '../observer.js';
import type { RunIdentity } from '../read/fingerprint.js';
import type { Stores } from '../stores.js';
import { checkTarget } from './check-target.js';
import { isHidden, type Decision, type Refusal } from './decide.js';
import { decideFor } from './decide-for.js';
import { dropRun } from './drop-run.js';
import { publishRun } from './publish.js';
import { registeredElsewhere } from './resume-published.js';
import { hasFiles } from './run-context.js';

export interface StartedRun {
  run: RunRow;
  /** An earlier process began this run. */
  resumed: boolean;
}

export interface StartOptions {
  /** The address of the registry. */
  registry: string;
  overwrite?: boolean;
  restart?: boolean;
  signal: AbortSignal;
  observer: RunObserver;
}

/**
 * Begins a new run, or continues the table's earlier one, as `decide` says. The caller holds the table's lock. Throws an
 * `IngestorError` when the run may not begin. A shard joins the run that another shard has begun, with `restart` too.
 */
export async function startOrResumeRun(
  config: RunConfig,
  identity: RunIdentity,
  { database, folders }: Stores,
  newRunId: string,
  { registry, overwrite = false, restart = false, signal, observer }: StartOptions,
): Promise<StartedRun> {
  const stores = { database, folders };
  await finishDeletion(stores, config.table);
  const earlier = await database.ledger.current(config.table);
  const about = { database, folders, identity, registry, restart, signal, observer };
  let decision = await decideFor(config, { ...about, earlier });
  if (decision.action === 'finish-publishing') {
    const published = await finishPublishing(stores, config, decision.run, { overwrite, restart });
    decision = await decideFor(config, { ...about, earlier: published });
  }
  await refuseBusyShards(config, stores, decision);
  switch (decision.action) {
    case 'finish-publishing':
      throw new Error(`Run ${decision.run.runId} was published, and its state says that it is not.`);
    case 'refuse':
      throw refusal(decision.reason, decision.run, registry);
    case 'start':
      return startRun(config, identity, stores, newRunId, { ...decision, overwrite });
    case 'resume':
      await checkTarget(config, stores, overwrite);
      if (hasFiles(config)) await folders.reserve(decision.run.runId, decision.run.table);
      return adoptRun(config, identity, stores, decision.run);
    case 'finish-registration':
    case 'unchanged':
      return adoptRun(config, identity, stores, decision.run);
  }
}

async function startRun(
  config: RunConfig,
  identity: RunIdentity,
  stores: Stores,
  newRunId: string,
  { discard, lost, overwrite }: { discard?: RunRow; lost?: RunRow; overwrite: boolean },
): Promise<StartedRun> {
  const { ledger } = stores.database;
  if (lost) await ledger.setState(lost.runId, 'superseded');
  if (discard) await dropRun(stores, discard);
  await checkTarget(config, stores, overwrite);
  const run = await ledger.begin({
    runId: newRunId,
    table: config.table,
    task: config.task.id,
    intent: config.intent,
    ...identity,
    batchSize: config.batchSize,
  });
  if (hasFiles(config)) await stores.folders.reserve(run.runId, run.table);
  return { run, resumed: false };
}

async function adoptRun(
  { shard }: RunConfig,
  { sidecarState }: RunIdentity,
  { database: { ledger } }: Stores,
  run: RunRow,
): Promise<StartedRun> {
  await ledger.adopt(run.runId);
  // Some shards may have read the files in the state that the run began with; one process reads all of them again.
  if (run.state === 'staging' && shard) return { run, resumed: true };
  await ledger.setSidecarState(run.runId, sidecarState);
  return { run: { ...run, sidecarState }, resumed: true };
}

/** Throws if a shard still works on a run that this command would drop, or cannot continue. */
async function refuseBusyShards({ shard, table }: RunConfig, { database }: Stores, decision: Decision): Promise<void> {
  const left = decision.action === 'start' ? decision.discard : decision.action === 'refuse' ? decision.run : undefined;
  // Others may wait to join the run that begins here.
  if (shard && left && isHidden(left)) await database.refuseLiveShards(table, left.runId);
}

/**
 * Publishes a run that was cut off while it was published: it was complete. When that fails and nobody has seen the rows,
 * `restart` drops the run, and `undefined` is returned; but not when the new run may not begin.
 */
async function finishPublishing(
  stores: Stores,
  config: RunConfig,
  run: RunRow,
  { overwrite, restart }: { overwrite: boolean; restart: boolean },
): Promise<RunRow | undefined> {
  const { database } = stores;
  try {
    await publishRun(stores, config, run);
  } catch (error) {
    if (!restart) throw error;
    if (!(error instanceof StagingGoneError)) {
      if (!(await database.columnsOf(stagingTable(run.runId)))) throw error;
      await checkTarget(config, stores, overwrite);
      if (config.shard) await database.refuseLiveShards(config.table, run.runId);
    }
    await dropRun(stores, run);
    return undefined;
  }
  return { ...run, state: 'published' };
}

/** Returns the error for a command that `decide` refuses. `registry` is the address of the command's registry. */
export function refusal(reason: Refusal, run: RunRow, registry: string): IngestorError {
  return reason === 'registered-elsewhere' ? registeredElsewhere(run, registry) : sourceChanged(reason, run);
}

const CHANGED = {
  'configuration-changed': 'The configuration',
  'shards-changed': 'The number of shards',
  'source-changed': 'The source file',
};

function sourceChanged(reason: keyof typeof CHANGED, { runId, table, startedAt, host, staged }: RunRow): IngestorError {
  return errors.make('source-changed', {
    message:
      `${CHANGED[reason]} changed since run ${runId} for table ${table} was cut off ` +
      `(started ${startedAt.toISOString()} on ${host}, ${staged} records staged).`,
    fix: [
      'Restore the earlier state and run again to continue that run,',
      'or add --restart to drop the staged records and begin anew.',
    ],
  });
}
