import { setTimeout as sleep } from 'node:timers/promises';
import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import type { RunRow, TableLock } from '@tracebloc/ingestor-storage';
import { isHidden, isSame, type RunIdentity } from '../read/fingerprint.js';
import type { IngestWork } from '../run/ingest-work.js';
import { startOrResumeRun, type StartedRun } from '../run/start-or-resume.js';
import { stopShard } from './drop.js';

const POLL_MS = 100;
/** Other shards hold the table's lock while they join, which may take dropping an earlier run. */
const PATIENCE_MS = 60_000;

/**
 * Waits for the table's lock, which shards take in turn. Gives nothing as soon as `isNeedless` says so of a lock that is
 * taken. Throws `table-locked` where it stays taken.
 */
export async function waitForTable(
  { database, signal }: Pick<IngestWork, 'database' | 'signal'>,
  table: string,
  runId: string,
  { patienceMs = PATIENCE_MS, isNeedless }: { patienceMs?: number; isNeedless?: () => Promise<boolean> } = {},
): Promise<TableLock | undefined> {
  const until = performance.now() + patienceMs;
  for (;;) {
    if (signal.aborted) throw new InterruptedError();
    try {
      return await database.lockBesideShards(table, runId);
    } catch (error) {
      const isTaken = error instanceof IngestorError && error.code === 'table-locked';
      if (!isTaken || performance.now() > until) throw error;
    }
    if (await isNeedless?.()) return undefined;
    await sleep(POLL_MS);
  }
}

/** Under the table's lock: begins the run, or joins the one that another shard has begun. */
export async function joinRun(
  config: RunConfig,
  shard: Shard,
  identity: RunIdentity,
  newRunId: string,
  work: IngestWork,
): Promise<StartedRun> {
  const { ledger } = work.database;
  await refuseInvalid(config, shard, identity, work);
  const settled = await startOrResumeRun(config, identity, work, newRunId, work);
  const { run, resumed } = settled;
  if (!work.restart || !resumed || !isHidden(run)) return settled;
  await work.database.dropShard(run.runId, shard.index);
  return { run: (await ledger.get(run.runId))!, resumed };
}

/**
 * Where the run of this very dataset has ended since it is not valid, each shard that had no end yet learns so, once. One
 * that comes again is the first of a new attempt.
 */
async function refuseInvalid(config: RunConfig, shard: Shard, identity: RunIdentity, work: IngestWork): Promise<void> {
  const latest = await work.database.ledger.latest(config.table);
  if (latest?.state !== 'dropped' || !isSame(latest, identity)) return;
  const shards = await work.database.ledger.shards(latest.runId);
  const own = shards.find((row) => row.shard === shard.index);
  const hasEnded = own !== undefined && own.state !== 'staging';
  if (shards.some(({ state }) => state === 'invalid') && !hasEnded) throw await stopShard(work, latest, shard);
}

/** Whether the run that this process would join is complete, so that whoever holds the table's lock publishes it. */
export async function isBeingPublished(
  { database }: IngestWork,
  table: string,
  identity: RunIdentity,
): Promise<RunRow | undefined> {
  const run = await database.ledger.current(table);
  if (!run || !isSame(run, identity) || run.shards !== identity.shards || run.state === 'staging') return undefined;
  return run;
}
