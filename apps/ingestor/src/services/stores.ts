import { resolveEnvironment } from '@tracebloc/ingestor-config/environment';
import type { Stores } from '@tracebloc/ingestor-pipeline';
import { DatasetFolders, openDatabase, openToRead } from '@tracebloc/ingestor-storage';
import { environment } from '@tracebloc/ingestor-cli';

export interface StoresFlags {
  storage?: string;
  ca?: string;
  local?: boolean;
  logLevel?: string;
}

/**
 * Runs `work` with the database and the shared volume of the environment, and closes the database in any case. `warn` is
 * called with what --local makes idle.
 */
export function withStores<T>(
  flags: StoresFlags,
  work: (stores: Stores) => Promise<T>,
  warn?: (warning: string) => void,
): Promise<T> {
  return withOpened(openDatabase, flags, work, warn);
}

/** Does the same for work that only reads. See `openToRead`. */
export function readStores<T>(
  flags: StoresFlags,
  work: (stores: Stores) => Promise<T>,
  warn?: (warning: string) => void,
): Promise<T> {
  return withOpened(openToRead, flags, work, warn);
}

async function withOpened<T>(
  open: typeof openToRead,
  flags: StoresFlags,
  work: (stores: Stores) => Promise<T>,
  warn?: (warning: string) => void,
): Promise<T> {
  const { config } = resolveEnvironment(environment(), flags);
  if (flags.local) for (const warning of config.warnings) warn?.(warning);
  const database = await open(config.database);
  try {
    return await work({ database, folders: new DatasetFolders(config.storage.path, database) });
  } finally {
    await database.close();
  }
}
