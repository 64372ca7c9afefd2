import type { Report } from './finding.js';

/** Rows as the manifest has them. Each has as many cells as the header; an empty cell is the empty string. */
export interface RowBatch {
  rows: string[][];
  /** The `Finding.row` of each row. */
  lines: number[];
}

/** How the values of a manifest are written, where that differs from the default. */
export interface ValueFormat {
  /** The decimal sign. If it is absent, it is the point, and a column in which that is in doubt is reported. */
  decimal?: '.' | ',';
  /** The character between groups of digits. */
  thousands?: string;
  /** Whether numbers may end in a percent sign, and whether 5% is the number 5 or the fraction 0.05. */
  percent?: 'number' | 'fraction';
  /** Signs and codes of currencies that may stand before or after a number. */
  currency?: readonly string[];
  /** How negative numbers are written beside those with a minus sign before them: `(5)`, `5-`, or a dash as in `–5`. */
  negative?: 'parentheses' | 'trailing' | 'dash';
  /** The unit that may stand after a number. */
  unit?: string;
  /** How dates and moments are written: `DD/MM/YYYY`, `D-MMM-YYYY hh:mm A`, `YYYY-WWW`, `epoch_s`, `epoch_ms` or `excel`. */
  dateFormat?: string;
  /** The language of names of months, as a language tag such as `de`. If it is absent, they are English. */
  dateLanguage?: string;
  /** Whether the day or the month is first in `01/02/2024` and `01-02-2024`. If it is absent, the month is. */
  dayFirst?: boolean;
  /** The time zone of moments without an offset. If it is absent, they are stored as they are. */
  timeZone?: string;
}

export interface OpenManifest {
  /** Column names, trimmed. A column without a name has an empty one, and several columns may have the same name. */
  readonly header: readonly string[];
  /** The data rows, which can be read once. Errors in the form of the file are reported meanwhile. */
  readonly batches: AsyncIterable<RowBatch>;
}

/** Reads a dataset's manifest (CSV or JSON) as a stream; it never holds more than a few batches. */
export interface DatasetReader {
  /** The manifest's name in findings. */
  readonly file: string;
  /** Bytes to read, for progress; `read` counts up to it. */
  readonly size: number;
  readonly read: number;
  /** Rows left out so far because `on_bad_lines` is `warn`. */
  readonly skipped: number;
  /** False once rows were left out because of an error. Checks of the rows as a whole must then be skipped. */
  readonly complete: boolean;
  /** Whether the rows that are read here are those of the whole dataset. It is false for a shard. */
  readonly isWhole: boolean;
  /** Whether the last rows may be totals, judged by the end of the file. It is known once the manifest is open. */
  readonly mayEndInTotals: boolean;
  /** The number of rows before the first one that is read here. It is 0 unless this process reads only its shard's rows. */
  readonly passed: number;
  /** Returns whether this process makes the record of a row. It is false for the rows of other shards. */
  isOwn(row: number): boolean;
  /** Cell texts that mean a missing value, besides the empty cell. */
  readonly missing: ReadonlySet<string>;
  /** Returns the cell texts that mean a missing value in a column, besides the empty cell. */
  missingOf(column: string): ReadonlySet<string>;
  /** The words of the task that mean a missing value although the configuration does not say so. */
  readonly assumedMissing: ReadonlySet<string>;
  /** Returns how the values of a column are written. */
  formatOf(column: string): ValueFormat;
  /** Reads the header and reports what is wrong with it. Returns `undefined` when no row can be read. */
  open(report: Report, signal: AbortSignal): Promise<OpenManifest | undefined>;
}
