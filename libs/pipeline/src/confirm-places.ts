import { hasFiles, type RunContext } from './run-context.js';

/** Throws where what the run has written is not where the dataset would be looked for; see `Database.confirmPlace`. */
export async function confirmPlaces({ config, database, folders }: RunContext): Promise<void> {
  await database.confirmPlace();
  if (hasFiles(config)) await folders.confirmPlace();
}
