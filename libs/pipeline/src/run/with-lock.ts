import { IngestorError } from '@tracebloc/ingestor-core';
import type { TableLock } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';

/** Runs `work`, then releases the lock. If the lock was lost meanwhile, throws that as the error. */
export async function withLock<T>(lock: TableLock, table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!lock.lost.aborted) throw error;
    const reason: unknown = lock.lost.reason;
    throw reason instanceof IngestorError ? reason : lockLost(table, error);
  } finally {
    await lock.release();
  }
}

function lockLost(table: string, cause: unknown): IngestorError {
  return errors.make('lock-lost', {
    message: `The run lost its lock on table ${table}: the connection to the database that held it broke.`,
    fix: 'Check that the server runs, then run the same command again: it continues at the last committed batch.',
    cause,
  });
}
