import type { RunRow } from '@tracebloc/ingestor-storage';
import type { Stores } from '../stores.js';

/** Removes everything that a run staged, and releases its folder's name. The run must not be visible yet. */
export async function dropRun({ database, folders }: Stores, run: Pick<RunRow, 'runId' | 'table'>): Promise<void> {
  const { runId, table } = run;
  await folders.dropStaging(runId, table);
  await database.dropStaging(runId);
  await database.ledger.setState(runId, 'dropped');
}
