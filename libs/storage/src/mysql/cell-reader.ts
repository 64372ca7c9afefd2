import type { Connection } from 'mysql2';
import type { Column } from '@tracebloc/ingestor-contract';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { quote } from '../tables/names.js';
import { PAGE_TEXT, type CellReader } from '../database/sql-database.js';
import { bytesOf, countAnew } from './connection/driver.js';

/**
 * Reads rows by a prepared statement: numbers then travel as bits, which is as exact as it gets and takes a quarter of the
 * time that it takes the server to write them as text. The connection should be none of Sequelize's pool, which convert every
 * cell once more, and that takes longer than all the rest; `close` ends it.
 */
export class MysqlCellReader implements CellReader {
  readonly #select: string;
  /** The statement whose answer has not come to its end. */
  #answer?: Answer;

  constructor(
    private readonly connection: Connection,
    table: string,
    columns: readonly Column[],
  ) {
    // The driver refuses some names of columns, which the answer need not have: cells are told by their position.
    const cells = checksumColumns(columns).map((column, i) => `${asRead(column)} AS c${i}`);
    this.#select = `SELECT id, ${cells.join(', ')} FROM ${quote(table)} WHERE id > CAST(? AS SIGNED) ORDER BY id LIMIT `;
  }

  /** Rows until there are enough bytes: the rest of the answer waits at the server for the next call. */
  async read(afterId: number, limit: number): Promise<StoredRow[]> {
    if (this.#answer) {
      const rows = await this.#answer.next();
      if (rows.length > 0) return rows;
    }
    this.#answer = new Answer(this.connection, this.#select + String(Math.trunc(limit)), afterId);
    return this.#answer.next();
  }

  async close(): Promise<void> {
    this.connection.destroy();
  }
}

/** The answer to one statement, which is taken from the connection as it is asked for. */
class Answer {
  #rows: StoredRow[] = [];
  #isAtEnd = false;
  #failure?: Error;
  #settle?: () => void;

  constructor(
    private readonly connection: Connection,
    sql: string,
    afterId: number,
  ) {
    const command = connection.execute({ sql, rowsAsArray: true }, [String(Math.trunc(afterId))]);
    const fail = (error: Error) => {
      this.#failure ??= error;
      this.#settle?.();
    };
    command.on('result', (row: StoredRow) => {
      this.#rows.push(row);
      if (bytesOf(connection) < PAGE_TEXT) return;
      connection.pause();
      this.#settle?.();
    });
    command.on('error', fail);
    command.on('end', () => {
      connection.off('error', fail);
      this.#isAtEnd = true;
      this.#settle?.();
    });
    // A connection that breaks tells no command that has no callback.
    connection.on('error', fail);
  }

  /** The next rows; none at its end. */
  async next(): Promise<StoredRow[]> {
    if (this.#failure === undefined && !this.#isAtEnd) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        countAnew(this.connection);
        this.connection.resume();
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#rows.splice(0);
  }
}

/** The driver would make another value of what is cast here: digits lost, or a date of its own. */
function asRead({ name, type: { kind, name: typeName } }: Column): string {
  const isDate = kind === 'date' || kind === 'datetime' || kind === 'time';
  return isDate || typeName === 'BIGINT' ? `CAST(${quote(name)} AS CHAR)` : quote(name);
}
