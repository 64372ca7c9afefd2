import { MysqlDatabase } from './mysql/database.js';
import { SqliteDatabase } from './sqlite/database.js';
import type { Database, DatabaseOptions } from './types.js';

/**
 * Connects, creates the database where it is missing and allowed, and creates the ledger. Throws `IngestorError`:
 * `database-unreachable`, `database-login-refused`, `database-not-permitted` or `storage-not-writable`. Once the signal
 * aborts, no call waits any longer for another process that has the embedded database locked.
 */
export async function openDatabase(options: DatabaseOptions, signal?: AbortSignal): Promise<Database> {
  return options.kind === 'mysql' ? MysqlDatabase.open(options) : SqliteDatabase.open(options, signal);
}
