import { CSV_DEFAULTS, delimiterFor, withCsvOptions, type CsvFormat } from '@tracebloc/ingestor-core';

/** The beginning and the end of a file, decoded. */
export interface DialectSample {
  /** Begins where the file does, without a BOM. */
  head: string;
  /** The end of the file. It may begin anywhere in a line, and is empty if `complete`. */
  tail: string;
  /** Whether `head` is the whole file. */
  complete: boolean;
  /** Only its extension counts. */
  path: string;
}

/** The options of `spec.csv_options` that say how a file is written, by the names that they have there. */
export interface DialectOptions {
  delimiter?: string;
  quotechar?: string;
  escapechar?: string;
  skip_initial_space?: true;
  trailing_delimiter?: true;
  comment?: string;
  skip_rows?: number;
  header?: 'none' | number[];
  units_row?: true;
  skip_footer?: number;
}

export interface DetectedDialect {
  /** The options that differ from the defaults. */
  options: DialectOptions;
  /** For each of the options, what in the file shows it: a sentence without any text of the file. */
  reasons: Partial<Record<keyof DialectOptions, string>>;
  /** What else the file may mean, and what must be checked by a person: sentences without any text of the file. */
  alternatives: string[];
}

/** Returns the format that `spec.csv_options` with these options means for a file. */
export function formatOf(options: DialectOptions, path: string): CsvFormat {
  const base: CsvFormat = {
    ...CSV_DEFAULTS,
    delimiter: delimiterFor(path),
    escape: options.quotechar ?? CSV_DEFAULTS.escape,
    ...(options.delimiter === CSV_DEFAULTS.delimiter && { keepsDelimiter: true }),
  };
  return withCsvOptions(base, options);
}
