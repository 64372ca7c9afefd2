/** How a CSV file is written and read: `spec.csv_options`, complete. */
export interface CsvFormat {
  /** Bytes of the file read at a time. */
  chunkSize: number;
  /** One character. */
  delimiter: string;
  /** One character; empty where quotes have no meaning. */
  quote: string;
  /** The character before a quote that belongs to the text; the quote itself where quotes are doubled. */
  escape: string;
  encoding: 'utf-8';
  onBadLines: 'error' | 'warn';
  skipBlankLines: boolean;
  /** Cell texts that mean a missing value, beside the task's own. */
  naValues: readonly string[];
}

/** The format where `spec.csv_options` says nothing. */
export const CSV_DEFAULTS: CsvFormat = {
  chunkSize: 1_048_576,
  delimiter: ',',
  quote: '"',
  escape: '"',
  encoding: 'utf-8',
  onBadLines: 'error',
  skipBlankLines: true,
  naValues: [],
};
