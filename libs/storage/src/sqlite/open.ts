import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { notWritable } from '../errors.js';
import { retryWhileLocked } from './busy.js';
import { sqliteError } from './errors.js';

/** Opens the file for reading and writing, and creates it and its folder where they are missing. */
export async function openFile(file: string, signal?: AbortSignal): Promise<DatabaseSync> {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw notWritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
  try {
    const database = new DatabaseSync(file, { timeout: 0 });
    // Of a file that is new: what is removed can be given back to the volume. One that has tables stays as it is.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    // The first statements read the file, which another process may just be making or mending.
    await retryWhileLocked(() => database.exec('PRAGMA journal_mode = WAL'), signal);
    // With a write-ahead log a crash of the machine may undo the last transactions, but cannot damage the file.
    await retryWhileLocked(() => database.exec('PRAGMA synchronous = NORMAL'), signal);
    return database;
  } catch (error) {
    throw sqliteError(error, file);
  }
}

/** Node's own recursive mode never ends where a folder cannot be made below one that exists, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in between.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
