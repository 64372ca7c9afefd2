import type { Finding } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';
import { linesBeforeHeader } from './dialect.js';
import { Tokenizer } from './tokenizer.js';

/** The delimiters that a header is tried with. One of two characters comes before its half. */
const DELIMITERS = ['||', ';', '\t', '|', ',', '^', '~'];

/** The records after the header that are examined. */
const MAX_RECORDS = 50;

/** The beginning of a CSV file, and what was read as its header. */
export interface Beginning {
  /** Whole lines. */
  text: string;
  header: readonly string[];
  format: CsvFormat;
  /** Whether the configuration has a column of this name. */
  isNamed: (name: string) => boolean;
}

/** Returns why the header of a file cannot be meant as it was read, or `undefined`. */
export function diagnoseHeader(beginning: Beginning): Finding | undefined {
  const { header, format, isNamed } = beginning;
  // The user said where the header is, or that there is none; or the configuration knows the column.
  if (header.length !== 1 || format.header === 'none' || isNamed(header[0]!)) return undefined;
  const delimiter = otherDelimiter(beginning);
  if (delimiter === undefined) return undefined;
  const shown = delimiter === '\t' ? '\\t' : delimiter;
  const message = `The header is one name that holds \`${shown}\`, which seems to be the delimiter.`;
  const fix = `Set \`spec.csv_options.delimiter: "${shown}"\`.`;
  return makeFinding('wrong-delimiter', { message, row: linesBeforeHeader(format) + 1, fix });
}

/** Returns the delimiter with which the header has several names and most records as many fields. */
function otherDelimiter({ text, header, format }: Beginning): string | undefined {
  return DELIMITERS.find((delimiter) => {
    if (delimiter === format.delimiter || !header[0]!.includes(delimiter)) return false;
    const [first, ...records] = readRecords(text, { ...format, delimiter });
    const width = first?.length ?? 0;
    const fitting = records.filter((record) => record.length === width).length;
    return width > 1 && fitting >= 0.8 * records.length;
  });
}

/** Returns the first records that are not blank, and whose quoting is valid. */
function readRecords(text: string, format: CsvFormat): string[][] {
  const tokenizer = new Tokenizer({ ...format, keepsDelimiter: true });
  const records: string[][] = [];
  for (const tokens of [tokenizer.push(text), tokenizer.end()]) {
    records.push(...tokens.rows.filter((row) => row.length > 0));
    if (tokens.bad || tokens.problem) break;
  }
  return records.slice(0, 1 + MAX_RECORDS);
}
