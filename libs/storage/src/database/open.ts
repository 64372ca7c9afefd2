import { type DatabaseConfig, IngestorError } from '@tracebloc/ingestor-core';
import { ledgerOutdated } from '../errors/errors.js';
import { MysqlDatabase } from '../mysql/database.js';
import { SqliteDatabase } from '../sqlite/database.js';
import type { Database } from '../types.js';

/**
 * Connects, creates the database where it is missing and allowed, and creates the ledger. Throws `IngestorError`:
 * `database-unreachable`, `database-login-refused`, `database-not-permitted` or `storage-not-writable`. Once the signal
 * aborts, no call waits any longer for another process that has the embedded database locked.
 */
export async function openDatabase(options: DatabaseConfig, signal?: AbortSignal): Promise<Database> {
  return options.kind === 'mysql' ? MysqlDatabase.open(options) : SqliteDatabase.open(options, signal);
}

/**
 * Opens the database to read it, which takes no right to write: nothing is created or changed, and no lock may be had. A
 * database that is not there is an empty one. A ledger of an earlier version is brought up to date first; throws
 * `ledger-outdated` where that may not be written.
 */
export async function openToRead(options: DatabaseConfig): Promise<Database> {
  const found = await (options.kind === 'mysql' ? MysqlDatabase.find(options) : SqliteDatabase.find(options));
  if (found === 'outdated') return openOutdated(options);
  return 'missing' in found ? SqliteDatabase.empty(found.missing) : found;
}

async function openOutdated(options: DatabaseConfig): Promise<Database> {
  try {
    return await openDatabase(options);
  } catch (error) {
    throw error instanceof IngestorError ? ledgerOutdated(error) : error;
  }
}
