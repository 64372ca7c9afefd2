import type { Connection, ResultSetHeader } from 'mysql2/promise';
import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import { recordTooLarge } from '../../errors/rows.js';
import { RUN_COLUMNS } from '../../tables/layout.js';
import { quote } from '../../tables/names.js';
import type { BatchOrigin } from '../../errors/rows.js';
import { rowError, rowErrorOf } from '../errors/statement-error.js';
import { literal } from './literal.js';
import { checkOutcome, columnNames, type Encoder, type Load, type Loader, type LoadTarget } from './loader.js';

/** Bytes of a statement; longer ones are not faster. */
const LONG_ENOUGH = 1024 * 1024;
/** The protocol adds fewer bytes than this to a statement. */
const OVERHEAD = 64;

interface Statement {
  sql: Buffer;
  /** The index in the batch of the statement's first row. */
  firstIndex: number;
}

/** Sends INSERT statements of many rows, each shorter than the server's `max_allowed_packet`. */
export class InsertLoader implements Loader {
  readonly method = 'INSERT';
  /** The beginning of every statement and the end of every row. */
  readonly #head: string;
  readonly #tail: string;
  readonly #limit: number;

  constructor(
    private readonly target: LoadTarget,
    private readonly maxAllowedPacket: number,
  ) {
    const { run } = target;
    const names = [...columnNames(target), ...(run ? RUN_COLUMNS : [])];
    this.#head = `INSERT INTO ${quote(target.table)} (${names.map(quote).join(', ')}) VALUES `;
    this.#tail = run ? `,${literal(run.intent)},${literal(run.runId)})` : ')';
    this.#limit = Math.min(LONG_ENOUGH, maxAllowedPacket - OVERHEAD);
  }

  encode(firstOrdinal: number): Encoder {
    const origin: BatchOrigin = { firstOrdinal, rows: [] };
    const { rows } = origin;
    const statements: Statement[] = [];
    const headBytes = Buffer.byteLength(this.#head);
    let sql = this.#head;
    let bytes = headBytes;
    let firstIndex = 0;
    const flush = () => {
      if (rows.length > firstIndex) statements.push({ sql: Buffer.from(sql), firstIndex });
      sql = this.#head;
      bytes = headBytes;
      firstIndex = rows.length;
    };
    return {
      add: (record, dataId) => {
        const row = this.#row(record, dataId, firstOrdinal + rows.length + 1);
        const rowBytes = Buffer.byteLength(row) + 1;
        if (headBytes + rowBytes > this.maxAllowedPacket - OVERHEAD) throw recordTooLarge(record.row);
        if (bytes + rowBytes > this.#limit) flush();
        sql += rows.length > firstIndex ? `,${row}` : row;
        bytes += rowBytes;
        rows.push(record.row);
      },
      finish: () => {
        flush();
        return this.#load(statements, origin);
      },
    };
  }

  #row({ label, filename, extension, annotation, values }: DatasetRecord, dataId: string, id: number): string {
    let text = `(${id}`;
    for (const cell of [label, dataId, filename, extension, annotation]) text += `,${literal(cell)}`;
    for (const cell of values) text += `,${literal(cell)}`;
    return text + this.#tail;
  }

  #load(statements: readonly Statement[], origin: BatchOrigin): Load {
    return {
      send: async (connection) => {
        for (const statement of statements) await this.#send(connection, statement, origin);
      },
      release: () => undefined,
    };
  }

  async #send(connection: Connection, { sql, firstIndex }: Statement, origin: BatchOrigin): Promise<void> {
    try {
      const [outcome] = await connection.query<ResultSetHeader>(sql.toString());
      await checkOutcome(connection, outcome, origin, this.target, firstIndex);
    } catch (error) {
      const found = rowErrorOf(error);
      throw found ? rowError(found, origin, columnNames(this.target), firstIndex) : error;
    }
  }
}
