import { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from './catalogue.js';

/** Runs the operation and throws its errors as `translate` of `guardWith` returns them. */
export type Guard = <T>(operation: () => Promise<T>) => Promise<T>;

export function guardWith(translate: (error: unknown) => unknown): Guard {
  return async (operation) => {
    try {
      return await operation();
    } catch (error) {
      throw error instanceof IngestorError ? error : translate(error);
    }
  };
}

/** Returns a database's message without what it quotes, which may be cells of a row. */
export function withoutQuotes(message: string): string {
  return message.replace(/(['"]).*\1/s, '…').replace(/['"].*$/s, '…');
}

export function databaseError(code: string | number, message: string): IngestorError {
  return STORAGE_ERRORS.make('database-error', {
    message: `The database refused a statement (${code}): ${withoutQuotes(message)}.`,
    fix: 'Look the code up in the manual of the database; the log of the server may say more.',
  });
}
