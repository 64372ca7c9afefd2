import { IngestorError } from '@tracebloc/ingestor-contract';
import { dropRun } from '../drop-run.js';
import { holding } from '../holding.js';
import type { Places } from '../places.js';
import { listAbandoned, type Abandoned } from './abandoned.js';

export interface CleanOptions {
  /** Also runs that could be continued. */
  unfinished?: boolean;
  /** Also files of runs that this database does not know. */
  foreign?: boolean;
}

export interface CleanResult {
  removed: Abandoned[];
  /** What a process is at work on, with what tells of it. */
  kept: (Abandoned & { why: string })[];
}

/** What `cleanRuns` would remove. */
export async function listCleanable(places: Places, { unfinished, foreign }: CleanOptions): Promise<Abandoned[]> {
  const wanted = { gone: true, unfinished, foreign };
  return (await listAbandoned(places)).filter(({ reason }) => wanted[reason]);
}

/** Removes what the runs have left, each under the lock of its table; what a live process holds is kept. */
export async function cleanRuns(places: Places, options: CleanOptions): Promise<CleanResult> {
  const result: CleanResult = { removed: [], kept: [] };
  for (const abandoned of await listCleanable(places, options)) {
    try {
      if (await cleanRun(places, abandoned)) result.removed.push(abandoned);
    } catch (error) {
      if (!(error instanceof IngestorError) || error.code !== 'table-locked') throw error;
      result.kept.push({ ...abandoned, why: error.message });
    }
  }
  await places.database.removeStaleLocks();
  await places.database.confirmPlace();
  await places.folders.confirmPlace();
  return result;
}

/** False where the run has come to something else before its table's lock was had. */
async function cleanRun(places: Places, { runId, run }: Abandoned): Promise<boolean> {
  if (!run) {
    await dropTraces(places, runId);
    return true;
  }
  const { database } = places;
  const lock = await database.lock(run.table, runId);
  return holding(lock, run.table, async () => {
    const now = await database.ledger.get(runId);
    if (now?.state !== run.state) return false;
    if (run.state !== 'dropped' && run.state !== 'superseded') await dropRun(places, runId);
    await dropTraces(places, runId);
    return true;
  });
}

async function dropTraces({ database, folders }: Places, runId: string): Promise<void> {
  await folders.dropTraces(runId);
  await database.dropTraces(runId);
}
