import type { RunRow, RunState } from '@tracebloc/ingestor-storage';
import { isHidden } from '../run/decide.js';
import type { Stores } from '../stores.js';

/** What is left of a run that did not become, or is no longer, a dataset. */
export interface Leftovers {
  runId: string;
  reason:
    /** It was dropped, or its dataset replaced or deleted; or its row in the ledger is gone. */
    | 'gone'
    /** It was cut off, and could be continued; or it is at work. */
    | 'unfinished'
    /** Only files, of a run that this database does not know: of another one on the same volume, perhaps at work. */
    | 'foreign';
  /** Absent where the ledger does not know the run. */
  run?: { table: string; state: RunState; staged: number };
  tables: string[];
  /** Folders, and the claim of the dataset's folder; absolute. */
  folders: string[];
  /** The ledger's rows of its batches and calls. */
  ledgerRows: number;
}

/** Everything that runs have left, in the order of the runs' beginnings. Reads only. */
export async function listLeftovers({ database, folders }: Stores): Promise<Leftovers[]> {
  // The ledger last: a run that begins meanwhile is in it before it leaves anything.
  const inFolders = await folders.runLeftovers();
  const inDatabase = new Map((await database.runLeftovers()).map((traces) => [traces.runId, traces]));
  const runs = await database.ledger.list();
  const ids = new Set([...runs.map(({ runId }) => runId), ...inDatabase.keys(), ...inFolders.keys()]);
  const known = new Map(runs.map((run) => [run.runId, run]));
  return [...ids].flatMap((runId) => {
    const run = known.get(runId);
    const { tables = [], ledgerRows = 0 } = inDatabase.get(runId) ?? {};
    const ownFolders = inFolders.get(runId) ?? [];
    const isKnown = run !== undefined || tables.length > 0 || ledgerRows > 0;
    const reason = isKnown ? reasonOf(run) : 'foreign';
    if (!reason || tables.length + ownFolders.length + ledgerRows === 0) return [];
    return [{ runId, reason, run: run && describe(run), tables, folders: ownFolders, ledgerRows }];
  });
}

/** Nothing for a run that has a dataset, or is just about to: what is left of it then is needed to finish it. */
function reasonOf(run: RunRow | undefined): Leftovers['reason'] | undefined {
  if (!run || run.state === 'dropped' || run.state === 'superseded') return 'gone';
  return isHidden(run) ? 'unfinished' : undefined;
}

function describe({ table, state, staged }: RunRow): Leftovers['run'] {
  return { table, state, staged };
}
