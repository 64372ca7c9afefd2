import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { notWritable } from '../errors.js';
import { isBusy, sqliteError } from './errors.js';

/** Milliseconds that a statement waits for another process's transaction. */
const BUSY_MS = 30_000;

/** Opens the file for reading and writing, and creates it and its folder where they are missing. */
export async function openFile(file: string): Promise<DatabaseSync> {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw notWritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
  try {
    const database = new DatabaseSync(file, { timeout: BUSY_MS });
    await useWriteAheadLog(database);
    // With a write-ahead log a crash of the machine may undo the last transactions, but cannot damage the file.
    database.exec('PRAGMA synchronous = NORMAL');
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

/** The change of the journal does not wait for others that make it, as first starts at one time do. */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}
