import type { Report } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';

export interface ReaderOptions {
  format: 'csv' | 'json';
  path: string;
  /** The manifest's name in findings. */
  file: string;
  csv: CsvFormat;
  /** `tokens`: NA, NULL, nan and the like are missing values, as the empty cell is; `empty`: only the empty cell. */
  missing: 'tokens' | 'empty';
  /** Absent: all rows are this process's own. */
  shard?: ReaderShard;
}

/** Which of a manifest's rows are this process's: those that end in its share of the file's bytes. */
export interface ReaderShard {
  /** 0-based. */
  index: number;
  count: number;
  /** Which rows are given: its own, or all. */
  rows: 'own' | 'all';
}

/** Where text stands that a parser was given: before the rows that are wanted, among them, or after. */
export type ShardPosition = 'before' | 'wanted' | 'after';

/** Cells of rows that a parser gives at once, about: a short record may stand for as many cells as there are columns. */
export const MAX_CELLS = 1 << 20;

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
  /** Of the rows that end in the latest piece. After the wanted ones the parser may end. */
  readonly position: ShardPosition;
  /** Counts rows before the wanted ones that were not parsed. */
  pass(rows: number): void;
}

/**
 * Turns a file's text into rows of one width, of which the first holds the column names. Reports a row that cannot be
 * used and goes on; throws `UnreadableError` where nothing can follow, after the rows before.
 */
export type ParseRows = (pieces: AsyncIterable<string>, observer: ParseObserver) => AsyncIterable<NumberedRows>;
