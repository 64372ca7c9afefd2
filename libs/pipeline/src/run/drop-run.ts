import type { RunRow } from '@tracebloc/ingestor-storage';
import type { Stores } from '../stores.js';

/** Removes all that a run staged, and gives up its folder's name; nobody has seen it. */
export async function dropRun({ database, folders }: Stores, run: Pick<RunRow, 'runId' | 'table'>): Promise<void> {
  const { runId, table } = run;
  await folders.dropStaging(runId, table);
  await database.dropStaging(runId);
  await database.ledger.setState(runId, 'dropped');
}
