import type { Connection } from 'mysql2';
import type { Column } from '@tracebloc/ingestor-contract';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { quote } from '../tables/names.js';
import { PAGE_TEXT, type CellReader } from '../database/sql-database.js';
import { bytesOf, countAnew } from './connection/driver.js';

/**
 * Reads rows by a prepared statement. The server then sends numbers in binary form, which is exact and takes a quarter of the
 * time that it needs for text. The connection must not be one of Sequelize's pool, which converts every cell again and takes
 * longer than all the rest. `close` closes it.
 */
export class MysqlCellReader implements CellReader {
  readonly #select: string;
  /** The answer of the current statement. */
  #answer?: Answer;

  constructor(
    private readonly connection: Connection,
    table: string,
    columns: readonly Column[],
  ) {
    // The driver refuses some names of columns, so the answer has other names; cells are identified by position.
    const cells = checksumColumns(columns).map((column, i) => `${asRead(column)} AS c${i}`);
    this.#select = `SELECT id, ${cells.join(', ')} FROM ${quote(table)} WHERE id > CAST(? AS SIGNED) ORDER BY id LIMIT `;
  }

  /** Returns rows up to a limit of bytes. The rest of the answer stays at the server until the next call. */
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

/** The answer to one statement. It is read from the connection on demand. */
class Answer {
  #rows: StoredRow[] = [];
  #isAtEnd = false;
  #failure?: Error;
  #wake?: () => void;

  constructor(
    private readonly connection: Connection,
    sql: string,
    afterId: number,
  ) {
    const command = connection.execute({ sql, rowsAsArray: true }, [String(Math.trunc(afterId))]);
    const fail = (error: Error) => {
      this.#failure ??= error;
      this.#wake?.();
    };
    command.on('result', (row: StoredRow) => {
      this.#rows.push(row);
      if (bytesOf(connection) < PAGE_TEXT) return;
      connection.pause();
      this.#wake?.();
    });
    command.on('error', fail);
    command.on('end', () => {
      connection.off('error', fail);
      this.#isAtEnd = true;
      this.#wake?.();
    });
    // The driver does not report a broken connection to commands without a callback.
    connection.on('error', fail);
  }

  /** Returns the next rows, or none at the end. */
  async next(): Promise<StoredRow[]> {
    if (this.#failure === undefined && !this.#isAtEnd) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        countAnew(this.connection);
        this.connection.resume();
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#rows.splice(0);
  }
}

/** Casts the types that the driver would change: it would lose digits or make dates. */
function asRead({ name, type: { kind, name: typeName } }: Column): string {
  const isDate = kind === 'date' || kind === 'datetime' || kind === 'time';
  return isDate || typeName === 'BIGINT' ? `CAST(${quote(name)} AS CHAR)` : quote(name);
}
