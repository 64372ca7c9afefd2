import { WHITESPACE } from '@tracebloc/ingestor-core';
import { statedDelimiter } from '../../manifest/csv/dialect.js';
import type { Candidate } from './candidates.js';
import type { Layout } from './layout.js';
import type { DialectOptions, DialectSample } from './types.js';

const NAMES: Readonly<Record<string, string>> = {
  '\t': 'a tab',
  ' ': 'a space',
  ',': 'a comma',
  ';': 'a semicolon',
  [WHITESPACE]: 'any white space',
  '"': 'a double quote',
  "'": 'a single quote',
};

/** Returns for each option what in the file shows it. No text of the file is in it. */
export function describeOptions(
  options: DialectOptions,
  layout: Layout,
  { head, complete }: DialectSample,
): Partial<Record<keyof DialectOptions, string>> {
  const { fit, header, skippedLines, comments } = layout;
  const { width, records } = fit;
  const rows = records.filter(({ cells }) => cells.length === width).length;
  const share = rows === records.length ? `all ${rows}` : `${rows} of the ${records.length}`;
  const examined = complete ? 'records' : 'first records';
  const stated = statedDelimiter(head) === fit.dialect.delimiter;
  const fields = width === 1 ? '1 field' : `${width} fields`;
  const all: Record<keyof DialectOptions, string> = {
    delimiter: stated ? 'the first line states it' : `with it, ${share} ${examined} have ${fields}`,
    quotechar: 'fields begin and end with it',
    escapechar: 'it stands before quotes or delimiters that are text',
    skip_initial_space: 'every delimiter is followed by a space',
    trailing_delimiter: 'every row ends with a delimiter',
    comment: `${comments.length === 1 ? 'a line that is' : `${comments.length} lines that are`} no row begin${comments.length === 1 ? 's' : ''} with it`,
    skip_rows:
      skippedLines === 1
        ? 'line 1 is not part of the table'
        : `the names of the columns come after lines of other text`,
    header: headerReason(layout),
    units_row: `line ${header.units?.line} has the units of the columns`,
    skip_footer: 'the last records are notes, sums or empty',
  };
  if (header.names.length === 0 && skippedLines > 1) all.skip_rows = 'the first row comes after lines of other text';
  return Object.fromEntries((Object.keys(options) as (keyof DialectOptions)[]).map((name) => [name, all[name]]));
}

function headerReason({ header: { names }, columns }: Layout): string {
  if (names.length > 0) return 'the names of the columns are spread over these lines';
  const isTyped = columns.some(({ kind }) => kind === 'number' || kind === 'time');
  return isTyped
    ? 'the first line has values like those of the lines below it'
    : 'the values of the first line occur in later lines';
}

/** Names a reading: "a semicolon as the delimiter". */
export function nameOf({ delimiter, quote, escape, comment }: Candidate): string {
  const name = (text: string) => NAMES[text] ?? `\`${text}\``;
  const more = [
    ...(quote === '"' ? [] : [`${name(quote)} as the quote`]),
    ...(escape === quote ? [] : [`${name(escape)} as the escape character`]),
    ...(comment === '' ? [] : [`${name(comment)} before comments`]),
  ];
  return [`${name(delimiter)} as the delimiter`, ...more].join(' and ');
}
