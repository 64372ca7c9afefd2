import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { notReadable, notWritable } from '../errors/embedded.js';
import { retryWhileLocked } from './busy.js';
import { isUnwritable, sqliteError } from './errors.js';

/** Opens the file for reading and writing. Creates it and its folder if they are missing. */
export async function openFile(file: string, signal?: AbortSignal): Promise<DatabaseSync> {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw notWritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: false });
    await prepare(database, file, signal);
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, file);
  }
}

/**
 * Makes views, triggers and foreign keys of others refer to a dataset's table by name, so that they refer to the new table
 * after a replacement and do not prevent it.
 */
async function prepare(database: DatabaseSync, file: string, signal?: AbortSignal): Promise<void> {
  database.exec('PRAGMA legacy_alter_table = ON');
  // This lets unused pages be returned to the volume. It has no effect on a file with tables, but would write to it.
  const isNew = !statSync(file, { throwIfNoEntry: false })?.size;
  if (isNew) await retryWhileLocked(() => database.exec('PRAGMA auto_vacuum = INCREMENTAL'), signal);
  // The first statements read the file, which another process may be creating or recovering.
  await retryWhileLocked(() => database.exec('PRAGMA journal_mode = WAL'), signal);
  // With a write-ahead log, a crash of the machine may lose the last transactions but cannot damage the file.
  await retryWhileLocked(() => database.exec('PRAGMA synchronous = NORMAL'), signal);
}

/** Throws `storage-not-readable` if the file's folder is not accessible. */
export function isThere(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw notReadable(file, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
}

/** Opens an existing file for reading. No file beside it stays behind. */
export async function openToRead(file: string): Promise<DatabaseSync> {
  try {
    return await tryToRead(file, 'mode=rw');
  } catch (error) {
    // If SQLite cannot make its files beside the database, `immutable` says that nobody writes. That is false if there is a log.
    if (!isUnwritable(error) || !isCheckpointed(file)) throw readError(error, file);
  }
  try {
    return await tryToRead(file, 'immutable=1');
  } catch (error) {
    throw readError(error, file);
  }
}

async function tryToRead(file: string, query: string): Promise<DatabaseSync> {
  const url = pathToFileURL(file);
  url.search = query;
  const database = new DatabaseSync(url, { timeout: 0 });
  try {
    database.exec('PRAGMA query_only = ON');
    await retryWhileLocked(() => database.exec('SELECT 1 FROM sqlite_schema'));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isCheckpointed(file: string): boolean {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return log === undefined || log.size === 0;
}

function readError(error: unknown, file: string): unknown {
  return isUnwritable(error) ? notReadable(file, (error as Error).message) : sqliteError(error, file);
}

/** Node's own recursive mode never ends if a folder cannot be made below an existing one, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
