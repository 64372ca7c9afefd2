import { resolveEnvironment } from '@tracebloc/ingestor-config';
import type { Stores } from '@tracebloc/ingestor-pipeline';
import { DatasetFolders, openDatabase, openToRead } from '@tracebloc/ingestor-storage';
import { environment } from '@tracebloc/ingestor-cli';

interface StoresFlags {
  storage?: string;
  ca?: string;
  logLevel?: string;
}

/** Runs `work` with the database and the shared volume of the environment, and closes the database in any case. */
export function withStores<T>(flags: StoresFlags, work: (stores: Stores) => Promise<T>): Promise<T> {
  return withOpened(openDatabase, flags, work);
}

/** Does the same for work that only reads. See `openToRead`. */
export function readStores<T>(flags: StoresFlags, work: (stores: Stores) => Promise<T>): Promise<T> {
  return withOpened(openToRead, flags, work);
}

async function withOpened<T>(
  open: typeof openToRead,
  flags: StoresFlags,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const { config } = resolveEnvironment(environment(), flags);
  const database = await open(config.database);
  try {
    return await work({ database, folders: new DatasetFolders(config.storage.path, database) });
  } finally {
    await database.close();
  }
}
