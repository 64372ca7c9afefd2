import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import type { BatchOrigin } from '../../errors/rows.js';
import type { TableSpec } from '../../database/types.js';
import type { RunRow } from '../../ledger/types.js';
import { rowColumns } from '../../tables/layout.js';
import { rowError } from '../errors/statement-error.js';

/** The table that rows are loaded into, and the values that are the same in every row. */
export interface LoadTarget {
  /** The staging table. */
  table: string;
  columns: TableSpec['columns'];
  /** The values of `RUN_COLUMNS`; `undefined` if the table lacks these. */
  run: Pick<RunRow, 'runId' | 'intent'> | undefined;
}

/** A batch of encoded rows. */
export interface Load {
  /**
   * Inserts the rows in the connection's transaction. It may be called again after a rollback. Throws `IngestorError` with
   * `duplicate-data-id` or `value-changed`, and the driver's errors.
   */
  send(connection: Connection): Promise<void>;
  /** Frees the memory of the rows after their commit. */
  release(): void;
}

/** Encodes records one at a time: for the garbage collector, bytes that live long are cheaper than rows. */
export interface Encoder {
  add(record: DatasetRecord, dataId: string): void;
  /** Returns the encoded records. */
  finish(): Load;
}

/** A method of sending rows. */
export interface Loader {
  readonly method: string;
  /** Begins a batch. `firstOrdinal` is the 0-based ordinal of its first record. */
  encode(firstOrdinal: number): Encoder;
}

/** The warning `Unsafe statement for the binary log` is not about the rows. */
const UNSAFE_STATEMENT = 1592;

/**
 * Throws for the first warning of the statement. A server reports values that it cut, rounded, replaced or skipped by
 * warnings or notes only. `firstIndex` is the index in the batch of the statement's first row.
 */
export async function checkOutcome(
  connection: Connection,
  outcome: ResultSetHeader,
  origin: BatchOrigin,
  target: LoadTarget,
  firstIndex = 0,
): Promise<void> {
  if (outcome.warningStatus === 0) return;
  const [rows] = await connection.query<RowDataPacket[]>('SHOW WARNINGS');
  const found = (rows as { Code: number; Message: string }[]).find(({ Code }) => Code !== UNSAFE_STATEMENT);
  if (!found) return;
  throw rowError({ errno: found.Code, message: found.Message }, origin, columnNames(target), firstIndex);
}

export function columnNames({ columns }: LoadTarget): string[] {
  return rowColumns(columns);
}
