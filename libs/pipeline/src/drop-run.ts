import type { Places } from './places.js';

/** Removes all that a run staged; nobody has seen it. */
export async function dropRun({ database, folders }: Places, runId: string): Promise<void> {
  await folders.dropStaging(runId);
  await database.dropStaging(runId);
  await database.ledger.setState(runId, 'dropped');
}
