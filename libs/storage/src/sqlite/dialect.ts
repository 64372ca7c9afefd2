import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { retryWhileLocked } from './busy.js';

type Parameters = SQLInputValue[] | Record<string, SQLInputValue>;
/** `this` is the statement of the package `sqlite3`. */
type Callback = (this: { lastID: number; changes: number }, error: Error | null, rows?: unknown[]) => void;

/**
 * Implements the parts of the package `sqlite3` that Sequelize's sqlite dialect uses, with Node's built-in database.
 * Sequelize does not open or close the database. See `retryWhileLocked` for the signal.
 */
export function sqliteDialect(database: DatabaseSync, signal?: AbortSignal): object {
  class Database {
    constructor(
      readonly filename: string,
      _mode: number,
      opened: (error: Error | null) => void,
    ) {
      // Sequelize stores the object before the callback runs.
      queueMicrotask(() => {
        opened(null);
      });
    }

    serialize(work: () => void): void {
      work();
    }

    run(sql: string, parameters: Parameters = [], callback?: Callback): void {
      attempt(() => bind(sql, parameters, 'run')).then(
        ({ lastInsertRowid, changes }) =>
          callback?.call({ lastID: Number(lastInsertRowid), changes: Number(changes) }, null),
        (error: unknown) => callback?.call(NOTHING, withSqliteCode(error)),
      );
    }

    all(sql: string, parameters: Parameters | Callback, callback?: Callback): void {
      const [values, done] = typeof parameters === 'function' ? [[], parameters] : [parameters, callback];
      attempt(() => bind(sql, values, 'all')).then(
        (rows) => done?.call(NOTHING, null, rows),
        (error: unknown) => done?.call(NOTHING, withSqliteCode(error)),
      );
    }

    close(callback?: (error: Error | null) => void): void {
      callback?.(null);
    }
  }

  function attempt<T>(statement: () => T): Promise<T> {
    return retryWhileLocked(statement, signal);
  }

  function bind<Method extends 'run' | 'all'>(sql: string, parameters: Parameters, method: Method) {
    const statement = database.prepare(sql);
    const call = statement[method].bind(statement);
    const result = Array.isArray(parameters) ? call(...parameters) : call(parameters);
    return result as ReturnType<(typeof statement)[Method]>;
  }

  return { Database, OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 };
}

const NOTHING = { lastID: 0, changes: 0 };

/** Sequelize recognizes these errors by the codes of `sqlite3`. */
function withSqliteCode(error: unknown): Error {
  const { errcode = 0 } = error as { errcode?: number };
  const failure = error as Error & { code: string };
  if ((errcode & 0xff) === 19) failure.code = 'SQLITE_CONSTRAINT';
  if ((errcode & 0xff) === 5) failure.code = 'SQLITE_BUSY';
  return failure;
}
