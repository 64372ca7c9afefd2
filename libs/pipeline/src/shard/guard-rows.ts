import { setTimeout as sleep } from 'node:timers/promises';
import type { Shard } from '@tracebloc/ingestor-config';
import type { RunRow, ShardLocks, ShardState } from '@tracebloc/ingestor-storage';
import type { RunContext } from '../run/run-context.js';

const POLL_MS = 100;
/** More shards ask less often, so that the server has as many statements. */
const POLL_MS_PER_SHARD = 12;
const LEAST_LIMIT_MS = 30_000;
/** The last shard takes the lock of the table this soon after all are staged, unless it was killed. */
const CONCLUDES_MS = 5000;

/**
 * Waits until the run is published, so that nobody can change what this shard has loaded and compared. It does not wait for
 * a process that has not begun or was killed, and hardly longer than the `workMs` that the shard took: the process that
 * publishes the run then reads the rows of this shard itself, which takes less.
 */
export async function guardRows(context: RunContext, { index, count }: Shard, workMs: number): Promise<void> {
  const { database, run, signal, observer } = context;
  const until = performance.now() + Math.max(LEAST_LIMIT_MS, workMs);
  let concludedAt = Infinity;
  let isTold = false;
  while (performance.now() < until && !signal.aborted) {
    const [now, states, locks] = await Promise.all([
      database.ledger.get(run.runId),
      database.ledger.shardStates(run.runId),
      database.shardLocks(run),
    ]);
    if (!now || !locks.guarding.has(index)) return;
    if (now.state !== 'staged') {
      if (!mayComplete(now, count, states, locks)) return;
    } else {
      if (locks.isTableLocked || concludedAt === Infinity) concludedAt = performance.now();
      if (performance.now() - concludedAt > CONCLUDES_MS) return;
    }
    if (!isTold) observer.info('This shard is done; its rows stay locked until the dataset is published.');
    isTold = true;
    await sleep(Math.max(POLL_MS, POLL_MS_PER_SHARD * count), undefined, { signal }).catch(() => undefined);
  }
}

/** Whether each shard is staged, or its process is at work. */
function mayComplete(
  { state }: RunRow,
  count: number,
  states: ReadonlyMap<number, ShardState>,
  { alive }: ShardLocks,
): boolean {
  if (state !== 'staging' || states.size < count) return false;
  return [...states].every(([shard, its]) => its === 'staged' || (its === 'staging' && alive.has(shard)));
}
