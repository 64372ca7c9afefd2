import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-core';
import { columnsCollide, databaseError, notWritable, storageLost, tooWide } from '../errors/errors.js';

const PRIMARY = 0xff;
const BUSY = 5;
const READ_ONLY = 8;
const IO_ERROR = 10;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;
/** The file is no longer at its path. */
const MOVED = 1032;

/** SQLite's result code, of Node's error inside Sequelize's. */
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

/** Whether a file would have to be made or changed that may not be. */
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
      // Where not even the small files beside it can be made, SQLite does not say why.
      return isFull(file) ? volumeFull(file) : notWritable(file, message);
    case READ_ONLY:
    case CANNOT_OPEN:
      return notWritable(file, message);
    case BUSY:
      return new IngestorError({
        code: 'database-busy',
        message: `Another process has kept the embedded database "${file}" busy for too long.`,
        fix: 'Run the same command again when the other process is done; large runs side by side need MySQL or MariaDB.',
      });
    case NOT_A_DATABASE:
      return new IngestorError({
        code: 'database-unreadable',
        message: `The file "${file}" is not a SQLite database.`,
        fix: 'Move the file away, or choose another STORAGE_PATH.',
      });
  }
  if (message.startsWith('too many columns')) return tooWide('it has more columns than SQLite takes (2000)');
  if (message.startsWith('duplicate column name')) return columnsCollide();
  return databaseError(`SQLite ${errcode}`, message);
}

export function databaseLost(file: string): IngestorError {
  return storageLost(`The embedded database "${file}"`);
}

/** Bytes that SQLite takes at once for the memory that processes share, in a file beside the database. */
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
  return new IngestorError({
    code: 'storage-full',
    message: `The volume of the embedded database "${file}" is full.`,
    fix: 'Free space on the volume, then run the same command again: it continues at the last committed batch.',
  });
}
