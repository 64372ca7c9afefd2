import { closeSync, openSync, unlinkSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { lockRemoved } from '../errors/locks.js';
import { identityOf } from '../ledger/identity.js';
import type { TableLock } from '../database/types.js';
import { isBusy } from './errors.js';

/** Milliseconds between two looks at whether the file is still there. */
const LOOK_MS = 1000;

/** A lock that ends with this process, and whose file goes with it. */
export interface FileLock extends TableLock {
  /** Throws, and says so by `lost`, where somebody has removed or replaced the file. */
  confirm(): void;
}

/**
 * Takes the lock that the file stands for: an exclusive transaction on it. Returns undefined when somebody else has it.
 * The holder removes the file as it releases the lock; who has opened it meanwhile finds that out, and opens the next.
 */
export function takeLock(file: string): FileLock | undefined {
  for (;;) {
    const identity = identityOf(file, true) ?? make(file);
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      // Of a file that is being removed SQLite says that the disk is at fault.
      if (identity !== identityOf(file, true)) continue;
      if (isBusy(error)) return undefined;
      throw error;
    }
    if (identity !== undefined && identity === identityOf(file, true)) return heldLock(file, identity, database);
    database.close();
  }
}

/** Makes the file, which is new: to close one that this process has locked would end its lock. */
function make(file: string): string | undefined {
  try {
    closeSync(openSync(file, 'wx'));
  } catch {
    // Another process has made it, or SQLite will say why it cannot be.
  }
  return identityOf(file, true);
}

function heldLock(file: string, identity: string, database: DatabaseSync): FileLock {
  const lost = new AbortController();
  const isHeld = () => {
    if (identityOf(file, true) !== identity) lost.abort(lockRemoved(file));
    return !lost.signal.aborted;
  };
  const timer = setInterval(isHeld, LOOK_MS).unref();
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
        // A file that stays is no lock.
      }
      database.close();
    },
  };
}
