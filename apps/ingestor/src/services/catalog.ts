import { resolveEnvironment } from '@tracebloc/ingestor-config';
import type { Places } from '@tracebloc/ingestor-pipeline';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import { environment } from '../secrets.js';

/** Runs `work` with the environment's database and shared volume, and closes what it opened whatever happens. */
export async function withPlaces<T>(
  flags: { storage?: string; ca?: string; logLevel?: string },
  work: (places: Places) => Promise<T>,
): Promise<T> {
  const { config } = resolveEnvironment(environment(), flags);
  const database = await openDatabase(config.database);
  try {
    return await work({ database, folders: new DatasetFolders(config.storage.path, database) });
  } finally {
    await database.close();
  }
}
