import { DatabaseSync } from 'node:sqlite';
import type { TableLock } from '../types.js';
import { isBusy } from './errors.js';

/**
 * Takes the lock that the file stands for: an exclusive transaction on it, which ends with this process. Returns nothing
 * when somebody else has it. The file, which is empty, stays: were it removed, a process that has opened it already and
 * one that makes it anew could both have the lock.
 */
export function takeLock(file: string): TableLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    // Nothing takes it away from a process that lives.
    lost: new AbortController().signal,
    async release() {
      database.close();
    },
  };
}
