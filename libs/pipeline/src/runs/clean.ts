import { setImmediate } from 'node:timers/promises';
import { TableLockedError } from '@tracebloc/ingestor-storage';
import { dropRun } from '../run/drop-run.js';
import { withLock } from '../run/with-lock.js';
import type { Stores } from '../stores.js';
import { listLeftovers, type Leftovers } from './leftovers.js';

export interface CleanOptions {
  /** Remove what is left of runs that could be continued, too. */
  unfinished?: boolean;
  /** Remove files of runs that this database does not know, too. */
  foreign?: boolean;
  /** Remove only what this run has left. */
  runId?: string;
}

export interface CleanResult {
  removed: Leftovers[];
  /** What is kept because a process works on it; `why` names the process. */
  kept: (Leftovers & { why: string })[];
}

/** Returns what `cleanRuns` would remove. */
export async function listCleanable(stores: Stores, options: CleanOptions): Promise<Leftovers[]> {
  const { unfinished, foreign, runId } = options;
  const wanted = { gone: true, unfinished, foreign };
  return (await listLeftovers(stores)).filter(
    (left) => wanted[left.reason] && (runId === undefined || left.runId === runId),
  );
}

/** Removes what runs have left, under the lock of their table. Keeps what a live process works on. */
export async function cleanRuns(stores: Stores, options: CleanOptions): Promise<CleanResult> {
  const result: CleanResult = { removed: [], kept: [] };
  const cleanable = await listCleanable(stores, options);
  const byTable = Map.groupBy(cleanable, ({ run }) => run?.table);
  for (const [table, group] of byTable) {
    const clean = async () => {
      for (const left of group) {
        // The embedded database works without a pause, in which signals are handled.
        await setImmediate();
        if (await cleanRun(stores, left)) result.removed.push(left);
      }
    };
    try {
      if (table === undefined) await clean();
      else await withLock(await stores.database.lock(table, group[0]!.runId), table, clean);
    } catch (error) {
      if (!(error instanceof TableLockedError)) throw error;
      result.kept.push(...group.map((left) => ({ ...left, why: error.message })));
    }
  }
  await stores.database.removeStaleLocks();
  await stores.database.confirmPresent();
  await stores.folders.confirmPresent();
  return result;
}

/** Returns false if the run's state has changed since it was listed. The caller holds the table's lock. */
async function cleanRun(stores: Stores, { runId, run }: Leftovers): Promise<boolean> {
  if (run) {
    const now = await stores.database.ledger.get(runId);
    if (now?.state !== run.state) return false;
    if (run.state !== 'dropped' && run.state !== 'superseded') await dropRun(stores, { runId, table: run.table });
  }
  await dropLeftovers(stores, runId, run?.table);
  return true;
}

async function dropLeftovers({ database, folders }: Stores, runId: string, table?: string): Promise<void> {
  await folders.dropLeftovers(runId, table);
  await database.dropLeftovers(runId);
}
