/** How a CSV file is written: `spec.csv_options` with its defaults. */
export interface CsvFormat {
  /** The bytes of the file that are read at a time. */
  chunkSize: number;
  /** One character. */
  delimiter: string;
  /** One character, or an empty string if the file has no quotes. */
  quote: string;
  /**
   * The character that protects quotes, delimiters, line endings and itself. It is the quote if quotes are only doubled.
   */
  escape: string;
  encoding: 'utf-8';
  onBadLines: 'error' | 'warn';
  skipBlankLines: boolean;
  /** The texts of cells that mean a missing value, in addition to the task's own. */
  naValues: readonly string[];
}

/** The format of a file for which `spec.csv_options` sets nothing. */
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
