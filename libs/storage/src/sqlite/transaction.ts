import type { DatabaseSync } from 'node:sqlite';
import { retryWhileLocked } from './busy.js';

/** Runs the work in one transaction, which waits for the write lock and holds it until its end. */
export async function inTransaction(database: DatabaseSync, work: () => void, signal?: AbortSignal): Promise<void> {
  await retryWhileLocked(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      // After some errors, such as a full disk, SQLite has rolled the transaction back itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }, signal);
}
