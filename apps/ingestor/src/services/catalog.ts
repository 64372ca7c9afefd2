import { resolveEnvironment } from '@tracebloc/ingestor-config';
import type { Places } from '@tracebloc/ingestor-pipeline';
import { DatasetFolders, openDatabase, openToRead } from '@tracebloc/ingestor-storage';
import { environment } from '../secrets.js';

interface PlacesFlags {
  storage?: string;
  ca?: string;
  logLevel?: string;
}

/** Runs `work` with the environment's database and shared volume, and closes what it opened whatever happens. */
export function withPlaces<T>(flags: PlacesFlags, work: (places: Places) => Promise<T>): Promise<T> {
  return withOpened(openDatabase, flags, work);
}

/** As `withPlaces`, for work that only reads; see `openToRead`. */
export function readPlaces<T>(flags: PlacesFlags, work: (places: Places) => Promise<T>): Promise<T> {
  return withOpened(openToRead, flags, work);
}

async function withOpened<T>(
  open: typeof openToRead,
  flags: PlacesFlags,
  work: (places: Places) => Promise<T>,
): Promise<T> {
  const { config } = resolveEnvironment(environment(), flags);
  const database = await open(config.database);
  try {
    return await work({ database, folders: new DatasetFolders(config.storage.path, database) });
  } finally {
    await database.close();
  }
}
