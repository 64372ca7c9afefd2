import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

type Parameters = SQLInputValue[] | Record<string, SQLInputValue>;
/** `this` is what the package `sqlite3` calls a statement. */
type Callback = (this: { lastID: number; changes: number }, error: Error | null, rows?: unknown[]) => void;

/**
 * What Sequelize's sqlite dialect uses of the package `sqlite3`, on the database that Node has built in. Sequelize does
 * not open or close it: all statements of this process go through the one given.
 */
export function sqliteDialect(database: DatabaseSync): object {
  class Database {
    constructor(
      readonly filename: string,
      _mode: number,
      opened: (error: Error | null) => void,
    ) {
      // The caller keeps the object before it is called back.
      queueMicrotask(() => {
        opened(null);
      });
    }

    serialize(work: () => void): void {
      work();
    }

    run(sql: string, parameters: Parameters = [], callback?: Callback): void {
      let outcome = { lastID: 0, changes: 0 };
      let failure: Error | null = null;
      try {
        const { lastInsertRowid, changes } = bind(sql, parameters, 'run');
        outcome = { lastID: Number(lastInsertRowid), changes: Number(changes) };
      } catch (error) {
        failure = withSqliteCode(error);
      }
      callback?.call(outcome, failure);
    }

    all(sql: string, parameters: Parameters | Callback, callback?: Callback): void {
      const [values, done] = typeof parameters === 'function' ? [[], parameters] : [parameters, callback];
      let rows: unknown[] | undefined;
      let failure: Error | null = null;
      try {
        rows = bind(sql, values, 'all');
      } catch (error) {
        failure = withSqliteCode(error);
      }
      done?.call({ lastID: 0, changes: 0 }, failure, rows);
    }

    close(callback?: (error: Error | null) => void): void {
      callback?.(null);
    }
  }

  function bind<Method extends 'run' | 'all'>(sql: string, parameters: Parameters, method: Method) {
    const statement = database.prepare(sql);
    const call = statement[method].bind(statement);
    const result = Array.isArray(parameters) ? call(...parameters) : call(parameters);
    return result as ReturnType<(typeof statement)[Method]>;
  }

  return { Database, OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 };
}

/** Sequelize tells constraint errors by the code that `sqlite3` gives them. */
function withSqliteCode(error: unknown): Error {
  const { errcode = 0 } = error as { errcode?: number };
  const failure = error as Error & { code: string };
  if ((errcode & 0xff) === 19) failure.code = 'SQLITE_CONSTRAINT';
  if ((errcode & 0xff) === 5) failure.code = 'SQLITE_BUSY';
  return failure;
}
