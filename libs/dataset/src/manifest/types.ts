import type { Report } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';

export interface ReaderOptions {
  format: 'csv' | 'json';
  path: string;
  /** The manifest's name in findings. */
  file: string;
  csv: CsvFormat;
  /** `tokens`: the empty cell and words such as NA, NULL and nan are missing values; `empty`: only the empty cell. */
  missing: 'tokens' | 'empty';
  /** If it is absent, this process owns all rows. */
  shard?: ReaderShard;
}

/** The rows that a process owns: those that end in its share of the file's bytes. */
export interface ReaderShard {
  /** The number of the shard, from 0. */
  index: number;
  count: number;
  /** Which rows the reader returns. */
  rows: 'own' | 'all';
}

/** Whether the rows of a piece of text come before the rows that are wanted, are wanted, or come after them. */
export type ShardPosition = 'before' | 'wanted' | 'after';

/** About how many cells a parser returns at a time. A short record may become as many cells as there are columns. */
export const MAX_CELLS = 1 << 20;

/** Rows of a manifest, each with the number that findings show. */
export interface NumberedRows {
  rows: string[][];
  lines: number[];
}

/** Receives what the parser of a format finds while it reads. */
export interface ParseObserver {
  report: Report;
  /** Is called for a row that is left out because of `on_bad_lines`. */
  skip(): void;
  /** The position of the rows that end in the latest piece. After the wanted rows the parser may end. */
  readonly position: ShardPosition;
  /** Counts rows before the wanted ones that were not parsed. */
  pass(rows: number): void;
}

/**
 * Parses a file's text into rows of one width; the first row has the column names. Reports a row that cannot be used and
 * continues. Throws `UnreadableError`, after the rows before it, where the rest of the file cannot be interpreted.
 */
export type ParseRows = (pieces: AsyncIterable<string>, observer: ParseObserver) => AsyncIterable<NumberedRows>;
