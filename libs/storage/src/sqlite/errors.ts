import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';
import { columnsCollide, tooWide } from '../errors/tables.js';
import { databaseError } from '../errors/guard.js';
import { notWritable, storageLost } from '../errors/embedded.js';

const PRIMARY = 0xff;
const BUSY = 5;
const READ_ONLY = 8;
const IO_ERROR = 10;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;
/** SQLite's code for a file that is no longer at its path. */
const MOVED = 1032;

/** Returns SQLite's result code from Node's error, which may be inside Sequelize's. */
function resultCode(error: unknown): { errcode: number; message: string } | undefined {
  const {
    original,
    errcode,
    message = '',
  } = (error ?? {}) as { original?: unknown; errcode?: number; message?: string };
  if (original !== undefined) return resultCode(original);
  return errcode === undefined ? undefined : { errcode, message };
}

export function isBusy(error: unknown): boolean {
  return ((resultCode(error)?.errcode ?? 0) & PRIMARY) === BUSY;
}

/** Whether a file cannot be made or changed. */
export function isUnwritable(error: unknown): boolean {
  return [READ_ONLY, IO_ERROR, CANNOT_OPEN].includes((resultCode(error)?.errcode ?? 0) & PRIMARY);
}

export function isDuplicateId(error: unknown): boolean {
  return resultCode(error)?.errcode === PRIMARY_KEY;
}

export function isDuplicateDataId(error: unknown): boolean {
  const result = resultCode(error);
  return result?.errcode === UNIQUE && result.message.endsWith('.data_id');
}

export function sqliteError(error: unknown, file: string): unknown {
  // Sequelize wraps whatever a statement throws.
  const { original } = (error ?? {}) as { original?: unknown };
  if (original instanceof IngestorError) return original;
  const result = resultCode(error);
  if (!result) return error;
  const { errcode, message } = result;
  if (errcode === MOVED) return databaseLost(file);
  switch (errcode & PRIMARY) {
    case FULL:
      return volumeFull(file);
    case IO_ERROR:
      // SQLite does not report the reason when the small files beside the database cannot be made.
      return isFull(file) ? volumeFull(file) : notWritable(file, message);
    case READ_ONLY:
    case CANNOT_OPEN:
      return notWritable(file, message);
    case BUSY:
      return STORAGE_ERRORS.make('database-busy', {
        message: `Another process has kept the embedded database "${file}" locked for too long.`,
        fix: 'Run the same command again when the other process has ended; use MySQL or MariaDB for large parallel runs.',
      });
    case NOT_A_DATABASE:
      return STORAGE_ERRORS.make('database-unreadable', {
        message: `The file "${file}" is not a SQLite database.`,
        fix: 'Move the file away, or choose another STORAGE_PATH.',
      });
  }
  if (message.startsWith('too many columns')) return tooWide('it has more columns than SQLite allows (2000)');
  if (message.startsWith('duplicate column name')) return columnsCollide();
  return databaseError(`SQLite ${errcode}`, message);
}

export function databaseLost(file: string): IngestorError {
  return storageLost(`The embedded database "${file}"`);
}

/** Bytes that SQLite allocates in one step for the file of shared memory beside the database. */
const LEAST_ROOM = 32 << 10;

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LEAST_ROOM;
  } catch {
    return false;
  }
}

function volumeFull(file: string): IngestorError {
  return STORAGE_ERRORS.make('storage-full', {
    message: `The volume of the embedded database "${file}" is full.`,
    fix: 'Free space on the volume, then run the same command again: it continues at the last committed batch.',
  });
}
