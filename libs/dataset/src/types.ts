import type { CsvFormat, Report } from '@tracebloc/ingestor-contract';

export interface ReaderOptions {
  format: 'csv' | 'json';
  path: string;
  /** The manifest's name in findings. */
  file: string;
  csv: CsvFormat;
  /** `tokens`: NA, NULL, nan and the like are missing values, as the empty cell is; `empty`: only the empty cell. */
  missing: 'tokens' | 'empty';
}

/** Rows of a manifest, each with its number in findings. */
export interface NumberedRows {
  rows: string[][];
  lines: number[];
}

/** Takes what a format's parser notes while it reads. */
export interface ParseObserver {
  report: Report;
  /** A row was left out because of `on_bad_lines`. */
  skip(): void;
}

/**
 * Turns a file's text into rows of one width, of which the first holds the column names. Reports a row that cannot be
 * used and goes on; throws `UnreadableError` where nothing can follow, after the rows before.
 */
export type ParseRows = (pieces: AsyncIterable<string>, observer: ParseObserver) => AsyncIterable<NumberedRows>;
