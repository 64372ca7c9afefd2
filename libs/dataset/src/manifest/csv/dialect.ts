import { CSV_DEFAULTS, WHITESPACE, type CsvFormat } from '@tracebloc/ingestor-core';

/** The part of a CSV's format that says where cells and records end. */
export interface Dialect {
  /** One or more characters. A space if `isAligned`. */
  delimiter: string;
  /** Whether any number of spaces and tabs is one delimiter. */
  isAligned: boolean;
  /** Is empty if the file has no quotes. */
  quote: string;
  /** The character that protects quotes, delimiters and line endings. Is empty if quotes are doubled instead. */
  escape: string;
  /** The character that begins a line of comment, or an empty string. */
  comment: string;
  /** Whether spaces and tabs before an unquoted cell are left out. */
  skipsSpace: boolean;
}

export type DialectFormat = Pick<
  CsvFormat,
  'delimiter' | 'quote' | 'escape' | 'comment' | 'skipInitialSpace' | 'skipRows' | 'header' | 'keepsDelimiter'
>;

export function dialectOf({ delimiter, quote, escape, comment, skipInitialSpace }: DialectFormat): Dialect {
  const isAligned = delimiter === WHITESPACE;
  return {
    delimiter: isAligned ? ' ' : delimiter,
    isAligned,
    quote,
    escape: escape === quote ? '' : escape,
    comment: comment ?? '',
    skipsSpace: skipInitialSpace ?? false,
  };
}

/** Returns the number of lines before the one that may be the header. */
export function linesBeforeHeader({ skipRows = 0, header }: Pick<CsvFormat, 'skipRows' | 'header'>): number {
  return Math.max(skipRows, Array.isArray(header) ? header[0]! - 1 : 0);
}

/** Whether the delimiter counts even if the first line of the file states another. */
export function keepsDelimiter({ delimiter, keepsDelimiter = false }: DialectFormat): boolean {
  return keepsDelimiter || delimiter !== CSV_DEFAULTS.delimiter;
}

/** Matches a first line that only states the delimiter, as programs write it for spreadsheets. */
const SEP_LINE = /^"?sep=([^\r\n])"?(?:\r\n|\n|\r)/i;

/** Matches the beginning of such a line, whose end is not known yet. */
const SEP_START = /^"?(?:s(?:e(?:p(?:=(?:[^\r\n]"?\r?)?)?)?)?)?$/i;

/**
 * Returns the delimiter that the first line of a file states, an empty string if it states none, and `undefined` if the text
 * is too short to know.
 */
export function statedDelimiter(text: string): string | undefined {
  return SEP_START.test(text) ? undefined : (SEP_LINE.exec(text)?.[1] ?? '');
}
