import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '@tracebloc/ingestor-core';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import { TableLockedError, type RunRow, type TableLock } from '@tracebloc/ingestor-storage';
import type { RunIdentity } from '../read/fingerprint.js';
import { isHidden, isSame } from '../run/decide.js';
import type { IngestWork } from '../run/ingest-work.js';
import { startOrResumeRun, type StartedRun } from '../run/start-or-resume.js';
import { stopShard } from './drop.js';

const POLL_MS = 100;
/** Other shards hold the table's lock while they join, and perhaps drop an earlier run. */
const TIMEOUT_MS = 60_000;

/**
 * Waits for the table's lock, which shards take in turn. Returns `undefined` as soon as `isNeedless` returns true while the
 * lock is taken. Throws a `TableLockedError` if it is still taken after `timeoutMs`.
 */
export async function waitForTable(
  { database, signal }: Pick<IngestWork, 'database' | 'signal'>,
  table: string,
  runId: string,
  { timeoutMs = TIMEOUT_MS, isNeedless }: { timeoutMs?: number; isNeedless?: () => Promise<boolean> } = {},
): Promise<TableLock | undefined> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    if (signal.aborted) throw new InterruptedError();
    try {
      return await database.lockBesideShards(table, runId);
    } catch (error) {
      if (!(error instanceof TableLockedError) || performance.now() > until) throw error;
    }
    if (await isNeedless?.()) return undefined;
    await sleep(POLL_MS);
  }
}

/** Begins the run, or joins the one that another shard has begun. The caller holds the table's lock. */
export async function joinRun(
  config: RunConfig,
  shard: Shard,
  identity: RunIdentity,
  newRunId: string,
  work: IngestWork,
): Promise<StartedRun> {
  const { ledger } = work.database;
  await refuseInvalid(config, shard, identity, work);
  const options = { ...work, registry: work.registry.address };
  const started = await startOrResumeRun(config, identity, work, newRunId, options);
  const { run, resumed } = started;
  if (!work.restart || !resumed || !isHidden(run)) return started;
  await work.database.dropShard(run.runId, shard.index);
  return { run: (await ledger.get(run.runId))!, resumed };
}

/**
 * Throws `invalid-elsewhere` if the run of the same dataset ended because another shard found errors, and this shard has
 * not ended yet. A shard that is started again after that begins a new attempt.
 */
async function refuseInvalid(config: RunConfig, shard: Shard, identity: RunIdentity, work: IngestWork): Promise<void> {
  const latest = await work.database.ledger.latest(config.table);
  if (latest?.state !== 'dropped' || !isSame(latest, identity)) return;
  const shards = await work.database.ledger.shards(latest.runId);
  const own = shards.find((row) => row.shard === shard.index);
  const hasEnded = own !== undefined && own.state !== 'staging';
  if (shards.some(({ state }) => state === 'invalid') && !hasEnded) throw await stopShard(work, latest, shard);
}

/** Returns the run that this process would join, if it is complete: then the process that holds the table's lock publishes it. */
export async function isBeingPublished(
  { database }: IngestWork,
  table: string,
  identity: RunIdentity,
): Promise<RunRow | undefined> {
  const run = await database.ledger.current(table);
  if (!run || !isSame(run, identity) || run.shards !== identity.shards || run.state === 'staging') return undefined;
  return run;
}
