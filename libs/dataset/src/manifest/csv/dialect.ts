import type { CsvFormat } from '@tracebloc/ingestor-core';

/** The part of a CSV's format that says where cells and records end. */
export interface Dialect {
  delimiter: string;
  /** Is empty if the file has no quotes. */
  quote: string;
  /** The character that protects quotes, delimiters and line endings. Is empty if quotes are doubled instead. */
  escape: string;
}

export function dialectOf({ delimiter, quote, escape }: Pick<CsvFormat, keyof Dialect>): Dialect {
  return { delimiter, quote, escape: escape === quote ? '' : escape };
}
