import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import { rowColumns } from '../layout.js';
import type { BatchOrigin } from '../batch-origin.js';
import type { RunRow, TableSpec } from '../types.js';
import { complaintError } from './errors.js';

/** Where rows go, and what of them is the same in every row. */
export interface LoadTarget {
  /** The staging table. */
  table: string;
  columns: TableSpec['columns'];
  run: Pick<RunRow, 'runId' | 'intent'>;
}

/** Encoded rows. */
export interface Load {
  /**
   * Brings them into the table, in the transaction of the connection; once more where that was rolled back. Throws
   * `IngestorError` with `duplicate-data-id` or `value-changed`, and whatever the driver throws.
   */
  send(connection: Connection): Promise<void>;
  /** They are committed, and their memory may be used again. */
  release(): void;
}

/** Turns records into what travels, one at a time: rows that live long are dear to the garbage collector, bytes are not. */
export interface Encoder {
  add(record: DatasetRecord, dataId: string): void;
  /** What was added. */
  finish(): Load;
}

/** A way for rows to travel. */
export interface Loader {
  readonly method: string;
  /** Encodes records of which the first has the given 0-based ordinal. */
  encode(firstOrdinal: number): Encoder;
}

/** `Unsafe statement for the binary log`: says nothing about the rows. */
const UNSAFE_STATEMENT = 1592;

/**
 * A server that cuts, rounds, replaces or skips says so in warnings and notes at most. Throws for the first of them.
 * `firstIndex` is the place in the batch of the statement's first row.
 */
export async function checkOutcome(
  connection: Connection,
  outcome: ResultSetHeader,
  places: BatchOrigin,
  target: LoadTarget,
  firstIndex = 0,
): Promise<void> {
  if (outcome.warningStatus === 0) return;
  const [rows] = await connection.query<RowDataPacket[]>('SHOW WARNINGS');
  const complaint = (rows as { Code: number; Message: string }[]).find(({ Code }) => Code !== UNSAFE_STATEMENT);
  if (!complaint) return;
  throw complaintError({ errno: complaint.Code, message: complaint.Message }, places, columnNames(target), firstIndex);
}

export function columnNames({ columns }: LoadTarget): string[] {
  return rowColumns(columns);
}
