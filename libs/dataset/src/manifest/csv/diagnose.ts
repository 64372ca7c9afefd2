import type { Finding } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { makeFinding } from '../../findings/findings.js';
import { otherQuote } from './other-quote.js';
import { Tokenizer, type Tokens } from './tokenizer.js';
import { isUnit } from './units.js';

/** The delimiters that a header is tried with. One of two characters comes before its half. */
const DELIMITERS = ['||', ';', '\t', '|', ',', '^', '~'];

/** The records after the header that are examined. */
const MAX_RECORDS = 50;

/** The characters that are read at a time until there are so many records. */
const PIECE = 4096;

/** The beginning of a CSV file, and what was read as its header. */
export interface Beginning {
  /** Whole lines. */
  text: string;
  header: readonly string[];
  format: CsvFormat;
  /** Whether the configuration has a column of this name. */
  isNamed: (name: string) => boolean;
}

/** Returns what is doubtful about the first lines of a file. After an error the rows cannot be read as they are meant. */
export function diagnoseHeader(beginning: Beginning): Finding[] {
  const { format, text } = beginning;
  const [first, ...records] = readRecords(text, format);
  if (!first) return [];
  // The user said where the header is, or that there is none.
  const doubt = format.header === undefined ? doubtHeader(beginning, first, records) : undefined;
  if (doubt?.severity === 'error') return [doubt];
  const spaces = format.skipInitialSpace ? undefined : spaceAfterDelimiter(records);
  const quotes = otherQuote(records, format, text);
  return [doubt, spaces, quotes].filter((finding) => finding !== undefined);
}

function doubtHeader(
  beginning: Beginning,
  first: NumberedRecord,
  records: readonly NumberedRecord[],
): Finding | undefined {
  const { format, header, isNamed } = beginning;
  const delimiter = header.length === 1 && !isNamed(header[0]!) ? wrongDelimiter(beginning, first.line) : undefined;
  return (
    delimiter ??
    lateHeader([first, ...records], isNamed) ??
    titleLine(first, records, isNamed) ??
    noHeader(first, records) ??
    (format.unitsRow ? undefined : unitsRow(first, records))
  );
}

function wrongDelimiter(beginning: Beginning, row: number): Finding | undefined {
  const delimiter = otherDelimiter(beginning);
  if (delimiter === undefined) return undefined;
  const shown = delimiter === '\t' ? '\\t' : delimiter;
  const message = `The header is one name that holds \`${shown}\`, which seems to be the delimiter.`;
  const fix = `Set \`spec.csv_options.delimiter: "${shown}"\`.`;
  return makeFinding('wrong-delimiter', { message, row, fix });
}

/** The share of records that must agree for a doubt about the first ones. */
const MOST = 0.8;

/** Finds a first line that is not the header: a single text, before a line of names and rows that all have more fields. */
function titleLine(
  first: NumberedRecord,
  records: readonly NumberedRecord[],
  isNamed: (name: string) => boolean,
): Finding | undefined {
  const filled = first.cells.filter((cell) => cell.trim() !== '');
  if (filled.length !== 1 || isNamed(filled[0]!.trim())) return undefined;
  const at = records.findIndex(({ cells }) => cells.filter((cell) => cell.trim() !== '').length > 1);
  const names = records[at];
  if (!names || at > MAX_TITLE_LINES) return undefined;
  const width = names.cells.length;
  const areNames = names.cells.every((cell) => cell.trim() !== '' && !isNumberOrDate(cell));
  const rows = records.slice(at + 1);
  const fitting = rows.filter(({ cells }) => cells.length === width).length;
  // A title in a sheet has empty cells after it.
  const isTitle = first.cells.length === 1 || first.cells.length === width;
  if (!isTitle || !areNames || rows.length === 0 || fitting < MOST * rows.length) return undefined;
  const message = `Line ${first.line} looks like a title, and line ${names.line} like the header with the names of ${width} columns.`;
  const fix = `Set \`spec.csv_options.skip_rows: ${names.line - 1}\`.`;
  return makeFinding('title-line', { message, row: first.line, fix });
}

const MAX_TITLE_LINES = 10;

/** Finds a first line that has none of the configured columns, before a line that has several of them. */
function lateHeader(records: readonly NumberedRecord[], isNamed: (name: string) => boolean): Finding | undefined {
  const counts = records
    .slice(0, 1 + MAX_TITLE_LINES)
    .map(({ cells }) => new Set(cells.map((cell) => cell.trim()).filter((cell) => isNamed(cell))).size);
  const at = counts.findIndex((count) => count > 0);
  if (at < 1 || counts[at]! < 2 || counts[at]! < records[at]!.cells.length / 2) return undefined;
  const [row, { line }] = [records[0]!.line, records[at]!];
  const message = `Line ${row} has none of the columns that \`ingest.yaml\` names, but line ${line} has ${counts[at]} of them and looks like the header.`;
  const fix = `Set \`spec.csv_options.skip_rows: ${line - 1}\`.`;
  return makeFinding('title-line', { message, row, fix });
}

/** Finds a header whose names are values of their columns. */
function noHeader(first: NumberedRecord, records: readonly NumberedRecord[]): Finding | undefined {
  const names = first.cells.map((cell) => cell.trim());
  const rows = records.filter(({ cells }) => cells.length === names.length && !areNames(cells, names));
  if (rows.length < 2) return undefined;
  const columns = names.map((_, index) => rows.map(({ cells }) => cells[index]!.trim()));
  const numbers = names.filter((name, index) => isNumberOrDate(name) && mostAreNumbers(columns[index]!));
  const repeated = names.filter(
    (name, index) => name !== '' && !isNumberOrDate(name) && columns[index]!.includes(name),
  );
  // Years and other series of numbers are names of columns.
  const isSeries = numbers.length > 0 && areSeries(numbers.map(Number));
  const isDoubted = repeated.length >= 2 || (numbers.length > 0 && !isSeries && repeated.length + numbers.length >= 2);
  if (!isDoubted) return undefined;
  const message = `Line ${first.line} is read as the header, but looks like data.`;
  return makeFinding('no-header', { message, row: first.line });
}

/** Finds texts that all begin with a space, because the file has one after each delimiter. */
function spaceAfterDelimiter(records: readonly NumberedRecord[]): Finding | undefined {
  const later = records.flatMap(({ cells }) => cells.slice(1)).filter((cell) => cell.trim() !== '');
  const texts = later.filter((cell) => !isNumberOrDate(cell));
  if (texts.length < 2 || !later.every((cell) => /^[ \t]/.test(cell))) return undefined;
  const message = 'The cells after the first of each row begin with a space, which is stored as a part of texts.';
  return makeFinding('space-after-delimiter', { message, row: records[0]!.line });
}

/** Finds a record after the header that has units instead of values. */
function unitsRow(first: NumberedRecord, records: readonly NumberedRecord[]): Finding | undefined {
  const [units, ...rows] = records;
  const width = first.cells.length;
  if (!units || rows.length < 2 || units.cells.length !== width || isSame(units.cells, first.cells)) return undefined;
  const cells = units.cells.map((cell) => cell.trim());
  const columns = cells.map((_, index) => rows.map((row) => row.cells[index]?.trim() ?? ''));
  const ofNumbers = cells.filter((_, index) => mostAreNumbers(columns[index]!));
  const isData = cells.some((cell, index) => isNumberOrDate(cell) || (cell !== '' && columns[index]!.includes(cell)));
  const areUnits =
    ofNumbers.every((cell) => cell === '' || cell === '-' || UNIT.test(cell)) &&
    ofNumbers.some((cell) => UNIT.test(cell));
  if (isData || !(areUnits || areUnitsOfTexts(cells, columns))) return undefined;
  const what = areUnits
    ? 'texts where the rows after it have numbers or dates'
    : 'units where the rows after it have none';
  const message = `Line ${units.line} has ${what}; it seems to hold the units of the columns.`;
  return makeFinding('units-row', { message, row: units.line });
}

/** Whether a row has only units, and most of the columns of these have none. */
function areUnitsOfTexts(cells: readonly string[], columns: readonly (readonly string[])[]): boolean {
  const filled = cells.flatMap((cell, index) => (cell === '' ? [] : [index]));
  const without = filled.filter((index) => !columns[index]!.some(isUnit)).length;
  return without >= 2 && without >= MOST * filled.length && filled.every((index) => isUnit(cells[index]!));
}

/** Matches a unit such as `m`, `degree_C`, `%`, `kg/m^2` or `(mm)`, and no word for a missing value. */
const UNIT = /^(?!(?:na|n\/a|nan|null|none|nil|missing|unknown)$)(?=.*[\p{L}%°$€£#])[^\s?]+(?: [^\s?]+)?$/iu;

const NUMBER = /^[+-]?(?:\d[\d.,' ]*|[.,]\d+)(?:e[+-]?\d+)?\s?%?$/i;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?$/;

function isNumberOrDate(cell: string): boolean {
  const text = cell.trim();
  return NUMBER.test(text) || DATE.test(text);
}

/** Whether most cells that are not empty are numbers or dates. */
function mostAreNumbers(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.filter(isNumberOrDate).length >= MOST * filled.length;
}

/** Whether numbers have the same distance to each other, as years have. */
function areSeries(numbers: readonly number[]): boolean {
  const step = numbers.length > 1 ? numbers[1]! - numbers[0]! : 1;
  return numbers.every(
    (number, index) =>
      Number.isInteger(number) && (index === 0 || (step !== 0 && number - numbers[index - 1]! === step)),
  );
}

/** Whether a record repeats the names of the header. With three columns or more they may be in another order. */
function areNames(cells: readonly string[], names: readonly string[]): boolean {
  const trimmed = cells.map((cell) => cell.trim());
  return isSame(trimmed, names) || (names.length > 2 && isSame(trimmed.toSorted(), names.toSorted()));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.every((cell, index) => cell === other[index]);
}

/** Returns the delimiter with which the header has several names and most records as many fields. */
function otherDelimiter({ text, header, format }: Beginning): string | undefined {
  return DELIMITERS.find((delimiter) => {
    if (delimiter === format.delimiter || !header[0]!.includes(delimiter)) return false;
    const [first, ...records] = readRecords(text, { ...format, delimiter, keepsDelimiter: true });
    const width = first?.cells.length ?? 0;
    const fitting = records.filter(({ cells }) => cells.length === width).length;
    return width > 1 && fitting >= MOST * records.length;
  });
}

interface NumberedRecord {
  cells: string[];
  line: number;
}

/** Returns the first records that are not blank, up to one whose quoting is not valid. */
function readRecords(text: string, format: CsvFormat): NumberedRecord[] {
  const records: NumberedRecord[] = [];
  for (const { rows, lines, bad, problem } of tokensOf(text, format)) {
    rows.forEach((cells, index) => {
      if (format.trailingDelimiter && cells.at(-1) === '') cells.pop();
      if (cells.length > 0) records.push({ cells, line: lines[index]! });
    });
    if (bad || problem || records.length > MAX_RECORDS) break;
  }
  return records.slice(0, 1 + MAX_RECORDS);
}

function* tokensOf(text: string, format: CsvFormat): Generator<Tokens, void> {
  const tokenizer = new Tokenizer(format);
  for (let at = 0; at < text.length; at += PIECE) yield* tokenizer.read(text.slice(at, at + PIECE));
  yield* tokenizer.finish();
}
