import type { RunState, RunSummary } from '@tracebloc/ingestor-storage';
import { isHidden } from '../run/decide.js';
import type { Stores } from '../stores.js';

/** What is left of a run that has no dataset: it did not finish, or its dataset was replaced or deleted. */
export interface Leftovers {
  runId: string;
  reason:
    /** It was dropped, or its dataset was replaced or deleted, or its row in the ledger is missing. */
    | 'gone'
    /** It is running, or was cut off and could be continued. */
    | 'unfinished'
    /** Only files, of a run that this database does not know. A running run of another database may use them. */
    | 'foreign';
  /** `undefined` if the ledger does not know the run. */
  run?: { table: string; state: RunState; staged: number };
  tables: string[];
  /** Absolute paths of folders, and of the claim of the dataset's folder. */
  folders: string[];
  /** The number of the ledger's rows about its batches and calls. */
  ledgerRows: number;
}

/** Returns everything that runs have left, the oldest run first. Reads only. */
export async function listLeftovers({ database, folders }: Stores): Promise<Leftovers[]> {
  // The ledger is read last, since a run that begins meanwhile is entered there before it leaves anything.
  const inFolders = await folders.runLeftovers();
  const inDatabase = new Map((await database.runLeftovers()).map((left) => [left.runId, left]));
  const runs = await database.ledger.summaries();
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

/** Returns `undefined` for a run that has a dataset, or is being published: it still needs what it has. */
function reasonOf(run: RunSummary | undefined): Leftovers['reason'] | undefined {
  if (!run || run.state === 'dropped' || run.state === 'superseded') return 'gone';
  return isHidden(run) ? 'unfinished' : undefined;
}

function describe({ table, state, staged }: RunSummary): Leftovers['run'] {
  return { table, state, staged };
}
