import { type DatabaseConfig, IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';
import type { Database } from './types.js';

/**
 * Connects, creates the database if it is missing and this is allowed, and creates the ledger. Throws `IngestorError`:
 * `database-unreachable`, `database-login-refused`, `database-not-permitted` or `storage-not-writable`. After the signal
 * aborts, no call waits any longer for another process that has locked the embedded database.
 */
export async function openDatabase(options: DatabaseConfig, signal?: AbortSignal): Promise<Database> {
  return options.kind === 'mysql' ? (await mysql()).open(options) : (await sqlite()).open(options, signal);
}

/**
 * Opens the database for reading, which needs no right to write: nothing is created or changed, and no lock can be taken.
 * A missing database reads as an empty one. A ledger of an earlier version is updated first; throws `ledger-outdated` if
 * this is not permitted.
 */
export async function openToRead(options: DatabaseConfig): Promise<Database> {
  const found = await (options.kind === 'mysql' ? (await mysql()).find(options) : (await sqlite()).find(options));
  if (found === 'outdated') return openOutdated(options);
  return 'missing' in found ? (await sqlite()).empty(found.missing) : found;
}

// Sequelize and the drivers take long to load, and a command opens one database at most.
const mysql = async () => (await import('../mysql/database.js')).MysqlDatabase;
const sqlite = async () => (await import('../sqlite/database.js')).SqliteDatabase;

async function openOutdated(options: DatabaseConfig): Promise<Database> {
  try {
    return await openDatabase(options);
  } catch (error) {
    throw error instanceof IngestorError ? ledgerOutdated(error) : error;
  }
}

function ledgerOutdated(cause: IngestorError): IngestorError {
  return STORAGE_ERRORS.make('ledger-outdated', {
    message: `The ledger was made by an earlier version and cannot be updated: ${cause.message}`,
    fix: 'Run `ingestor runs list` once with the right to write to the database; afterwards the right to read is enough.',
    cause,
  });
}
