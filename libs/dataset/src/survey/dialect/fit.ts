import { WHITESPACE } from '@tracebloc/ingestor-core';
import { type CellKind, kindOf } from './cell-kind.js';
import { type Candidate, DOUBLED } from './candidates.js';
import { readSampleRecords, type SampleRecord, type SampleRecords } from './sample-records.js';

/** A dialect, and how well the sample fits it. */
export interface Fit {
  dialect: Candidate;
  /** From 0 to the dialect's prior. */
  score: number;
  /** The records that are not blank; the last field is removed if `isTrailing`. */
  records: SampleRecord[];
  dropped: SampleRecords['dropped'];
  /** The share of the cells that look like whole values. */
  types: number;
  /** The number of fields of most records. */
  width: number;
  /** Whether every row ends with a delimiter. */
  isTrailing: boolean;
  /** The lines that are blank. */
  blankLines: Set<number>;
}

/** What an unquoted field with a quote costs, where a record of another width costs 1. */
const STRAY = 0.2;
/** The records whose cells are examined. */
const TYPED_RECORDS = 300;
/** The most cells that are examined. */
const TYPED_CELLS = 20_000;

/**
 * Reads the sample in a dialect, and measures how well it fits: pattern score times type score, as in G. J. J. van den Burg,
 * A. Nazábal, C. Sutton, "Wrangling messy CSV files by detecting row and type patterns", Data Mining and Knowledge Discovery
 * 33 (2019), https://doi.org/10.1007/s10618-019-00646-y.
 *
 * The pattern score here is the share of the records that have the usual width, squared, so that a few lines of a title
 * or with an error weigh little; and columns that are always empty do not count.
 */
export function fitOf(text: string, dialect: Candidate, isComplete: boolean): Fit {
  const { records: all, dropped, characters } = readSampleRecords(text, dialect, isComplete);
  const blankLines = new Set(all.filter(isBlank).map(({ line }) => line));
  const records = all.filter((record) => !isBlank(record));
  const usual = usualWidth(records);
  const mayTrail = usual > 1 && dialect.delimiter !== WHITESPACE;
  const isWider = mayTrail && onlyHeaderTrails(records, usual);
  const isTrailing = isWider || (mayTrail && endWithDelimiter(records, usual, dialect.quote));
  const width = isTrailing && !isWider ? usual - 1 : usual;
  if (isTrailing) dropLastFields(records, width + 1);
  const fit = { dialect, types: 1, records, dropped, width, isTrailing, blankLines };
  if (width < 2 && !isTrailing) return { ...fit, score: 0 };

  const rows = records.filter(({ cells }) => cells.length === width);
  const first = records.indexOf(rows[0]!);
  const last = records.indexOf(rows.at(-1)!);
  const within = records.slice(first, last + 1);
  const strays = within.filter(({ isStray }) => isStray).length;
  const regular = (rows.length - STRAY * strays) / within.length;
  const share = within.length / records.length;
  const read = Math.min(1, characters / Math.max(1, text.length));
  // The words of a title or a note may fill columns that only several spaces make.
  const isFilled = filledColumns(rows, width, dialect.delimiter === ' ' ? Math.max(2, rows.length / 2) : 1);
  const filled = isFilled.filter(Boolean).length;
  // The delimiter is only a part of another one.
  const isHalf = usual > 2 && isFilled.every((one, column) => column % 2 === 0 || !one);
  if (isHalf && DOUBLED.has(dialect.delimiter)) return { ...fit, score: 0 };
  if (filled < width && dialect.delimiter === ' ') return { ...fit, score: 0 };
  const pattern = regular ** 2 * share * read * (Math.max(1, filled - 1) / Math.max(2, filled));
  // Columns that are empty throughout suggest a delimiter that is part of a longer one.
  const empty = filled < width ? 0.9 : 1;
  const types = typeScore(rows, width);
  return { ...fit, types, score: pattern * types ** 2 * empty * dialect.prior };
}

export const isBlank = ({ cells, isBad }: SampleRecord): boolean => cells.length === 0 && !isBad;

/** Removes the empty last field of the records of this width. */
export function dropLastFields(records: readonly SampleRecord[], width: number): void {
  for (const { cells } of records) if (cells.length === width && cells.at(-1) === '') cells.pop();
}

/** Returns the width of most records, preferring several fields to one. */
function usualWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const weight = ([width, count]: [number, number]) => count * (width > 1 ? (width - 1) / width : 0.05);
  const [first] = [...counts].filter(([width]) => width > 0).sort((a, b) => weight(b) - weight(a));
  return first?.[0] ?? 0;
}

/** Whether the last field of all records of this width is empty, also in the header unless that is shorter. */
function endWithDelimiter(records: readonly SampleRecord[], width: number, quote: string): boolean {
  const rows = records.filter(({ cells }) => cells.length === width);
  const [first] = records;
  // The rows after a header with more names lack a field.
  if (first && first.cells.length > width && first.cells.at(-1) !== '') return false;
  // A field of two quotes is a field.
  const isOpen = ({ cells, text }: SampleRecord) =>
    cells.at(-1) === '' && !text.replace(/[ \r\n]+$/, '').endsWith(quote);
  return rows.length > 1 && rows.every(isOpen) && rows.some(({ cells }) => cells.some((cell) => cell !== ''));
}

/** Whether only the record before the first row of this width has a field more, which is empty. */
function onlyHeaderTrails(records: readonly SampleRecord[], width: number): boolean {
  const before = records[records.findIndex(({ cells }) => cells.length === width) - 1];
  if (before?.cells.length !== width + 1 || before.cells.at(-1) !== '') return false;
  if (before.cells.indexOf('') !== width) return false;
  return records.filter(({ cells }) => cells.length === width + 1).length === 1;
}

/** Returns for each column whether at least so many rows have a value in it. The header counts as a row. */
function filledColumns(rows: readonly SampleRecord[], width: number, least: number): boolean[] {
  const counts = new Array<number>(width).fill(0);
  let filled = 0;
  for (const { cells } of rows) {
    for (let column = 0; column < width; column++) {
      if (cells[column] === '') continue;
      const before = counts[column]!;
      counts[column] = before + 1;
      if (before < least && before + 1 >= least) filled++;
    }
    if (filled === width) break;
  }
  return counts.map((count) => count >= least);
}

/** Returns the share of cells that look like whole values. */
function typeScore(rows: readonly SampleRecord[], width: number): number {
  const count = Math.min(TYPED_RECORDS, Math.max(10, Math.floor(TYPED_CELLS / width)));
  const step = Math.max(1, Math.floor(rows.length / count));
  let [odd, all] = [0, 0];
  for (let index = 0; index < rows.length; index += step) {
    for (const cell of rows[index]!.cells) {
      all++;
      odd += WEIGHT_OF_ODD[kindOf(cell)];
    }
  }
  return Math.max(1e-3, 1 - odd / Math.max(1, all));
}

/** Texts count a little less than values of a type, since splitting a text gives texts. */
const WEIGHT_OF_ODD: Readonly<Record<CellKind, number>> = {
  empty: 0,
  missing: 0,
  number: 0,
  time: 0,
  text: 0.05,
  odd: 1,
};
