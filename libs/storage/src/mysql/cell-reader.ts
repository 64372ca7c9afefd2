import type { Connection } from 'mysql2';
import type { Column } from '@tracebloc/ingestor-contract';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { quote } from '../tables/names.js';
import { PAGE_TEXT, type CellReader, type GuardedCells } from '../read-back/types.js';
import type { Connection as PromiseConnection } from 'mysql2/promise';
import { bytesOf, countAnew, rowOf } from './connection/driver.js';
import { coreOf, socketOf } from './connection/socket.js';

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
    /** Follows the limit in the statement. */
    private readonly suffix = '',
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
    this.#answer = new Answer(this.connection, `${this.#select}${Math.trunc(limit)}${this.suffix}`, afterId);
    return this.#answer.next();
  }

  /** Whether a part of the current answer is still at the server; the connection takes no statement before it is read. */
  protected get hasMore(): boolean {
    return this.#answer !== undefined && !this.#answer.isAtEnd;
  }

  async close(): Promise<void> {
    this.connection.destroy();
  }
}

/** Milliseconds after which the server hears of an idle connection, so that it does not end it. */
const PING_MS = 10_000;

/**
 * The most bytes of rows that are locked, for each byte of the server's buffer pool, in which it keeps the locks too. They take
 * some 128 bytes for a page of 16 KiB, so this is an eighth of the pool.
 */
export const ROWS_PER_POOL = 16;

/**
 * Reads rows that nobody can change before it is closed: each is locked as it is read. The connection must be in no
 * transaction. If it breaks, or the locks would fill the server's memory, every later call fails.
 */
export class MysqlGuardedCells extends MysqlCellReader implements GuardedCells {
  #begun: Promise<unknown> | undefined;
  readonly #pings: NodeJS.Timeout;
  /** The most bytes that the connection may receive. */
  #most = Infinity;

  constructor(
    private readonly session: PromiseConnection,
    private readonly table: string,
    columns: readonly Column[],
    private readonly rowsPerPool = ROWS_PER_POOL,
  ) {
    super(coreOf(session), table, columns, ' LOCK IN SHARE MODE');
    // The server ends the session of a shard when its rows are published. The driver says so to nobody else.
    session.on('error', () => undefined);
    // A failed ping shows in the next statement.
    this.#pings = setInterval(() => void session.ping().catch(() => undefined), PING_MS).unref();
  }

  override async read(afterId: number, limit: number): Promise<StoredRow[]> {
    await (this.#begun ??= this.#begin());
    if (socketOf(this.session).bytesRead > this.#most) throw new Error('The locks of more rows would fill the server.');
    return super.read(afterId, limit);
  }

  async isAll(lastId: number): Promise<boolean> {
    if ((await super.read(lastId, 1)).length > 0) return false;
    const sql = `SELECT EXISTS (SELECT 1 FROM ${quote(this.table)} WHERE id < 1) AS isThere`;
    return (await rowOf<{ isThere: number }>(this.session, sql)).isThere === 0;
  }

  override async close(): Promise<void> {
    clearInterval(this.#pings);
    // The server ends a transaction some time after its connection; a statement that changes the table waits for that.
    if (!this.hasMore) await this.session.query('ROLLBACK').catch(() => undefined);
    await super.close();
  }

  async #begin(): Promise<void> {
    // At this level the gaps between rows are not locked, so that rows can be added.
    await this.session.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    const sql = 'SELECT @@innodb_buffer_pool_size AS pool';
    this.#most = Number((await rowOf<{ pool: number | string }>(this.session, sql)).pool) * this.rowsPerPool;
    await this.session.query('START TRANSACTION');
  }
}

/**
 * Rows that are returned before the rest has arrived: what lives longer is collected late, and V8 then takes more memory and
 * time for a table.
 */
const WORTH_TAKING = 64;

/** The answer to one statement. It is read from the connection on demand. */
class Answer {
  #rows: StoredRow[] = [];
  /** Whether all rows have arrived. */
  isAtEnd = false;
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
      if (bytesOf(connection) >= PAGE_TEXT) connection.pause();
      else if (this.#rows.length !== WORTH_TAKING) return;
      this.#wake?.();
    });
    command.on('error', fail);
    command.on('end', () => {
      connection.off('error', fail);
      this.isAtEnd = true;
      this.#wake?.();
    });
    // The driver does not report a broken connection to commands without a callback.
    connection.on('error', fail);
  }

  /** Returns the next rows, or none at the end. */
  async next(): Promise<StoredRow[]> {
    if (this.#failure === undefined && !this.isAtEnd && this.#rows.length < WORTH_TAKING) {
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
