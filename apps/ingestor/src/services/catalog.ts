import { resolveEnvironment } from '@tracebloc/ingestor-config';
import { openDatabase, type Database } from '@tracebloc/ingestor-storage';

/** Runs `work` with the environment's database, and closes it whatever happens. */
export async function withDatabase<T>(
  flags: { storage?: string; logLevel?: string },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { config } = resolveEnvironment(process.env, flags);
  const database = await openDatabase(config.database);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
