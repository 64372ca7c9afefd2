import { listLeftovers, type Leftovers, type Stores } from '@tracebloc/ingestor-pipeline/stored';
import type { Page, RunRow } from '@tracebloc/ingestor-storage';

export interface ListCommand {
  /** Lists only the runs of this table. */
  table?: string;
  /** Lists what runs without a dataset have left, instead of the runs. */
  abandoned: boolean;
  page: Page;
}

/** A part of a list, in the order in which it is shown: the newest run comes last. */
export type RunList =
  | {
      kind: 'runs';
      shown: RunRow[];
      /** The number of all runs, shown or not. */
      total: number;
      /** The database, as a message names it. */
      database: string;
    }
  | { kind: 'leftovers'; shown: Leftovers[]; total: number };

export async function listCommand(stores: Stores, command: ListCommand): Promise<RunList> {
  const { database } = stores;
  const { page } = command;
  const table = command.table === undefined ? undefined : await database.tableName(command.table);
  if (command.abandoned) {
    const found = (await listLeftovers(stores)).filter(({ run }) => table === undefined || run?.table === table);
    return { kind: 'leftovers', shown: newest(found, page), total: found.length };
  }
  const total = await database.ledger.count(table);
  const shown = await database.ledger.list({ ...page, table });
  return { kind: 'runs', shown, total, database: database.description };
}

/** Returns the same part of a list as `Ledger.list`: `offset` counts from the newest, which is the last. */
function newest<T>(all: readonly T[], { limit = Infinity, offset = 0 }: Page): T[] {
  const end = Math.max(0, all.length - offset);
  return all.slice(Math.max(0, end - limit), end);
}
