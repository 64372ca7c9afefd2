import { MysqlDatabase } from './mysql/database.js';
import { SqliteDatabase } from './sqlite/database.js';
import type { Database, DatabaseOptions } from './types.js';

/**
 * Connects, creates the database where it is missing and allowed, and creates the ledger. Throws `IngestorError`:
 * `database-unreachable`, `database-login-refused`, `database-not-permitted` or `storage-not-writable`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.kind === 'mysql' ? MysqlDatabase.open(options) : SqliteDatabase.open(options);
}
