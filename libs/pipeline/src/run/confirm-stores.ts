import { hasFiles, type RunContext } from './run-context.js';

/** Throws where what the run has written is not where the dataset would be looked for; see `Database.confirmPresent`. */
export async function confirmStores({ config, database, folders }: RunContext): Promise<void> {
  await database.confirmPresent();
  if (hasFiles(config)) await folders.confirmPresent();
}
