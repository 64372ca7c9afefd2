import type { Connection, ResultSetHeader } from 'mysql2/promise';
import { placesOf } from '../batch.js';
import { recordTooLarge } from '../errors.js';
import { quote } from '../names.js';
import type { BatchPlaces, StagedBatch } from '../types.js';
import { complaintError, complaintOf } from './errors.js';
import { literal } from './literal.js';
import {
  checkOutcome,
  columnNames,
  FILE_COLUMNS,
  hasFiles,
  ROW_COLUMNS,
  type Load,
  type Loader,
  type LoadTarget,
} from './loader.js';

/** Bytes beyond which a longer statement is no faster. */
const LONG_ENOUGH = 1024 * 1024;
/** Bytes that the protocol adds to a statement. */
const OVERHEAD = 64;

interface Statement {
  sql: string;
  /** The place in the batch of its first row. */
  firstIndex: number;
}

/** INSERT statements of many rows, each shorter than the server's `max_allowed_packet`. */
export class InsertLoader implements Loader {
  readonly method = 'INSERT';
  readonly #limit: number;

  constructor(
    private readonly target: LoadTarget,
    private readonly maxAllowedPacket: number,
  ) {
    this.#limit = Math.min(LONG_ENOUGH, maxAllowedPacket - OVERHEAD);
  }

  prepare(batch: StagedBatch): Load {
    return this.#load(this.#statements(batch), placesOf(batch));
  }

  /** Apart from `prepare`, so that what it returns keeps no hold of the batch. */
  #load(statements: readonly Statement[], places: BatchPlaces): Load {
    return async (connection) => {
      for (const statement of statements) await this.#send(connection, statement, places);
    };
  }

  #statements(batch: StagedBatch): Statement[] {
    const withFiles = hasFiles(batch);
    const head = this.#head(withFiles);
    const headBytes = Buffer.byteLength(head);
    const statements: Statement[] = [];
    let sql = head;
    let bytes = headBytes;
    let firstIndex = 0;
    for (let i = 0; i < batch.records.length; i++) {
      const row = this.#row(batch, i, withFiles);
      const rowBytes = Buffer.byteLength(row) + 1;
      if (headBytes + rowBytes > this.maxAllowedPacket - OVERHEAD) throw recordTooLarge(batch.records[i]!.row);
      if (i > firstIndex && bytes + rowBytes > this.#limit) {
        statements.push({ sql, firstIndex });
        sql = head;
        bytes = headBytes;
        firstIndex = i;
      }
      sql += i > firstIndex ? `,${row}` : row;
      bytes += rowBytes;
    }
    if (batch.records.length > 0) statements.push({ sql, firstIndex });
    return statements;
  }

  #head(withFiles: boolean): string {
    const { table, columns } = this.target;
    const own = columns.map(({ name }) => name);
    const names = [...ROW_COLUMNS, ...(withFiles ? FILE_COLUMNS : []), ...own, 'data_intent', 'ingestor_id'];
    return `INSERT INTO ${quote(table)} (${names.map(quote).join(', ')}) VALUES `;
  }

  #row({ records, dataIds, firstOrdinal }: StagedBatch, index: number, withFiles: boolean): string {
    const record = records[index]!;
    const { run } = this.target;
    let text = `(${firstOrdinal + index + 1},${literal(record.label)},${literal(dataIds[index]!)}`;
    if (withFiles) text += `,${literal(record.filename)},${literal(record.extension)},${literal(record.annotation)}`;
    for (const cell of record.values) text += `,${literal(cell)}`;
    return `${text},${literal(run.intent)},${literal(run.runId)})`;
  }

  async #send(connection: Connection, { sql, firstIndex }: Statement, places: BatchPlaces): Promise<void> {
    try {
      const [outcome] = await connection.query<ResultSetHeader>(sql);
      await checkOutcome(connection, outcome, places, this.target, firstIndex);
    } catch (error) {
      const complaint = complaintOf(error);
      throw complaint ? complaintError(complaint, places, columnNames(this.target), firstIndex) : error;
    }
  }
}
