import type { Report } from '@tracebloc/ingestor-contract';
import type { RecordBatch } from '../records/rows.js';

/** A column of the manifest that is in the schema. */
export interface CheckedColumn {
  name: string;
  /** The manifest's name in findings. */
  file: string;
  /** The index in the cells of a row. */
  from: number;
  isMissing: (text: string) => boolean;
}

/** Judges a column as a whole, in bounded memory. */
export interface ColumnCheck {
  /**
   * Adds the rows of a batch. Returns `closed` when the column is as it should be, and `decided` when only `finish` is left
   * to call. In both cases it needs no further rows.
   */
  add(batch: RecordBatch): 'open' | 'closed' | 'decided';
  /** Is called after the last row, unless the check is closed. `rows` is their number. */
  finish(report: Report, rows: number): void;
}

/** Returns a copy of a text that may be a part of a longer one, which would otherwise stay in memory. */
export function copyText(text: string): string {
  return Buffer.from(text).toString();
}
