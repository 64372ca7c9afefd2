import type { JsonObject, RowBatch, TableFormat } from '@tracebloc/ingestor-contract';
import type { CsvFormat, JsonFormat } from '@tracebloc/ingestor-core';
import type { LayoutSource } from './layout-part.js';

export interface ReaderOptions {
  /** The `name` of a table format. */
  format: string;
  /** The format, unless it is built in. */
  table?: TableFormat;
  /** The options of a format that is not built in. */
  tableOptions?: JsonObject;
  /** The dataset, if a data layout gives it. */
  layout?: LayoutSource;
  path: string;
  /** The files of which the table consists, in order, if there are several. `path` is then the pattern that names them. */
  parts?: readonly string[];
  /** The manifest's name in findings. */
  file: string;
  csv: CsvFormat;
  json?: JsonFormat;
  /** `tokens`: the empty cell and words such as NA, NULL and nan are missing values; `empty`: only the empty cell. */
  missing: 'tokens' | 'empty';
  /**
   * The names of the columns that the configuration has, or `all`. In JSON these may first occur in a later record than the
   * first one.
   */
  columns?: readonly string[] | 'all';
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

/** About how many cells a parser returns at a time. A short record may become as many cells as there are columns. */
export const MAX_CELLS = 1 << 20;

/** Rows of a manifest, each with the number that findings show. */
export type NumberedRows = RowBatch;

export type { ParseObserver, ParseRows, ShardPosition } from '@tracebloc/ingestor-contract';
