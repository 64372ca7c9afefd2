import type { DatabaseSync } from 'node:sqlite';
import { retryWhileLocked } from './busy.js';

/** Runs the work as one transaction, which waits for the right to write and then has it until its end. */
export async function inTransaction(database: DatabaseSync, work: () => void, signal?: AbortSignal): Promise<void> {
  await retryWhileLocked(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      // SQLite has ended the transaction itself after some errors, such as a full disk.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }, signal);
}
