import { closeSync, openSync, unlinkSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { lockRemoved } from '../errors/locks.js';
import { identityOf } from '../ledger/identity.js';
import type { TableLock } from '../database/types.js';
import { isBusy } from './errors.js';

/** Milliseconds between two checks that the file still exists. */
const CHECK_MS = 1000;

/** A lock that ends with this process. Its file is removed when it is released. */
export interface FileLock extends TableLock {
  /** Throws, and aborts `lost`, if somebody has removed or replaced the file. */
  confirm(): void;
}

/**
 * Takes the lock by an exclusive transaction on the file. Returns undefined if somebody else has it. The holder removes the
 * file when it releases the lock; a process that has opened the removed file notices and opens the next one.
 */
export function takeLock(file: string): FileLock | undefined {
  for (;;) {
    const identity = identityOf(file, true) ?? make(file);
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      // If the file is being removed, SQLite reports an error of the disk.
      if (identity !== identityOf(file, true)) continue;
      if (isBusy(error)) return undefined;
      throw error;
    }
    if (identity !== undefined && identity === identityOf(file, true)) return heldLock(file, identity, database);
    database.close();
  }
}

/** Makes a new file only: closing a file that this process has locked would release its lock. */
function make(file: string): string | undefined {
  try {
    closeSync(openSync(file, 'wx'));
  } catch {
    // Another process has made it, or SQLite will report why it cannot be made.
  }
  return identityOf(file, true);
}

function heldLock(file: string, identity: string, database: DatabaseSync): FileLock {
  const lost = new AbortController();
  const isHeld = () => {
    if (identityOf(file, true) !== identity) lost.abort(lockRemoved(file));
    return !lost.signal.aborted;
  };
  const timer = setInterval(isHeld, CHECK_MS).unref();
  return {
    lost: lost.signal,
    confirm() {
      if (!isHeld()) throw lost.signal.reason;
    },
    async release() {
      clearInterval(timer);
      try {
        if (isHeld()) unlinkSync(file);
      } catch {
        // A file that stays behind does not lock anything.
      }
      database.close();
    },
  };
}
