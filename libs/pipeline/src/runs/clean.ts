import { setImmediate } from 'node:timers/promises';
import { TableLockedError } from '@tracebloc/ingestor-storage';
import { dropRun } from '../run/drop-run.js';
import { withLock } from '../run/with-lock.js';
import type { Stores } from '../stores.js';
import { listLeftovers, type Leftovers } from './leftovers.js';

export interface CleanOptions {
  /** Also runs that could be continued. */
  unfinished?: boolean;
  /** Also files of runs that this database does not know. */
  foreign?: boolean;
  /** Only what this run has left. */
  runId?: string;
}

export interface CleanResult {
  removed: Leftovers[];
  /** What a process is at work on, with what tells of it. */
  kept: (Leftovers & { why: string })[];
}

/** What `cleanRuns` would remove. */
export async function listCleanable(stores: Stores, options: CleanOptions): Promise<Leftovers[]> {
  const { unfinished, foreign, runId } = options;
  const wanted = { gone: true, unfinished, foreign };
  return (await listLeftovers(stores)).filter(
    (abandoned) => wanted[abandoned.reason] && (runId === undefined || abandoned.runId === runId),
  );
}

/** Removes what the runs have left, under the lock of their table; what a live process holds is kept. */
export async function cleanRuns(stores: Stores, options: CleanOptions): Promise<CleanResult> {
  const result: CleanResult = { removed: [], kept: [] };
  const cleanable = await listCleanable(stores, options);
  const byTable = Map.groupBy(cleanable, ({ run }) => run?.table);
  for (const [table, group] of byTable) {
    const clean = async () => {
      for (const abandoned of group) {
        // The embedded database waits for nothing, and a signal would wait for it.
        await setImmediate();
        if (await cleanRun(stores, abandoned)) result.removed.push(abandoned);
      }
    };
    try {
      if (table === undefined) await clean();
      else await withLock(await stores.database.lock(table, group[0]!.runId), table, clean);
    } catch (error) {
      if (!(error instanceof TableLockedError)) throw error;
      result.kept.push(...group.map((abandoned) => ({ ...abandoned, why: error.message })));
    }
  }
  await stores.database.removeStaleLocks();
  await stores.database.confirmPresent();
  await stores.folders.confirmPresent();
  return result;
}

/** Under the lock of its table; false where the run has come to something else before that was had. */
async function cleanRun(stores: Stores, { runId, run }: Leftovers): Promise<boolean> {
  if (run) {
    const now = await stores.database.ledger.get(runId);
    if (now?.state !== run.state) return false;
    if (run.state !== 'dropped' && run.state !== 'superseded') await dropRun(stores, { runId, table: run.table });
  }
  await dropTraces(stores, runId, run?.table);
  return true;
}

async function dropTraces({ database, folders }: Stores, runId: string, table?: string): Promise<void> {
  await folders.dropTraces(runId, table);
  await database.dropTraces(runId);
}
