import { countLineEnds } from '../../manifest/text.js';
import { isTyped, kindOf } from './cell-kind.js';
import { type RowLook, columnsOf, lookOf } from './columns.js';
import type { SampleRecord } from './sample-records.js';
import { isUnit } from '../../manifest/csv/units.js';

/** What stands above the first row. */
export interface Header {
  /** The records of the names, from the first to the last; none if the file has no header. */
  names: SampleRecord[];
  /** The record of the units. */
  units?: SampleRecord;
  /** The first record that is part of the header, or the first row. */
  start: SampleRecord;
  /** Whether the names differ from the values below them, so that they are certainly a header. */
  isCertain: boolean;
  /** A sentence about what may be meant instead. */
  doubt?: string;
}

/** The most lines of a header. */
const MAX_LINES = 4;
/** The most lines of a header of which each has several names. */
const MAX_FULL_LINES = 3;
/** The most rows of a title that have as many fields as the rows of the table. */
const MAX_TITLES = 15;
/** The last rows, which may be notes. */
const MAX_NOTES = 3;
/** The rows without numbers and times that are needed to see that the first one is not a header. */
const MIN_TEXT_ROWS = 12;
const MAY_BE_ROW = 'If the first line is a row and not the names of the columns, set `header: none`.';

/**
 * Finds the header in the rows of the usual width. In doubt it is the first of them, and only that. `adjacent` is the number
 * of rows before the first record of another width.
 */
export function findHeader(rows: readonly SampleRecord[], width: number, adjacent: number): Header {
  const start = titlesIn(rows, width);
  const table = rows.slice(start);
  const columns = columnsOf(table, width);
  const looks = table
    .slice(0, Math.min(MAX_LINES + 2, Math.max(1, adjacent - start)))
    .map((row, index) => lookOf(row, columns, index === 0));
  const first: Header = { names: table.slice(0, 1), start: table[0]!, isCertain: false };
  const end = lastHeaderRow(table, looks);
  const [{ matching, differing }] = looks as [RowLook];
  if (end === 0 && matching > differing) return { ...first, doubt: MAY_BE_ROW };
  if (end === 0) return { ...first, isCertain: true };
  const typed = columns.filter(({ kind }) => kind === 'number' || kind === 'time').length;
  if (end > 0) return severalRows(table.slice(0, end + 1), looks, typed, first);
  return withoutHeader(table, typed, looks[0]!, first);
}

/** Returns the number of rows at the start that have only one text, or nothing, unlike the rows after them. */
function titlesIn(rows: readonly SampleRecord[], width: number): number {
  const filled = ({ cells }: SampleRecord) => cells.filter((cell) => cell.trim() !== '').length;
  const isTitle = (row: SampleRecord) => filled(row) < 2 && !row.cells.some((cell) => isTyped(kindOf(cell)));
  const count = rows.findIndex((row) => !isTitle(row));
  if (count <= 0 || count > MAX_TITLES || rows.length < count + 2) return 0;
  // In a table of two columns a row with one cell is nothing special.
  const later = rows.slice(count, Math.max(count + 2, Math.min(count + 50, rows.length - MAX_NOTES)));
  return later.every((row) => filled(row) >= Math.min(2, width)) ? count : 0;
}

/** Returns the index of the last row that is certainly not a row of the table, or -1. */
function lastHeaderRow(table: readonly SampleRecord[], looks: readonly RowLook[]): number {
  let end = -1;
  for (const [index, { matching, differing, filled }] of looks.entries()) {
    if (index === MAX_LINES + 1 || (index > 0 && index === table.length - 1)) break;
    if (differing > 0 && (matching === 0 || index === 0)) end = index;
    else if (index > 0 && filled > 0) break;
  }
  // Rows without any value above the first one are part of the header.
  if (end >= 0) while (looks[end + 1]?.filled === 0 && end + 2 < table.length) end++;
  return end;
}

/** `typed` is the number of columns of numbers and times. */
function severalRows(rows: SampleRecord[], looks: readonly RowLook[], typed: number, first: Header): Header {
  // Lines of one header follow each other.
  const apart = rows.findLast((row, index) => index > 0 && row.line !== lineAfter(rows[index - 1]!));
  if (apart) {
    return {
      ...first,
      doubt: `If line ${apart.line} has the names of the columns, set \`skip_rows: ${apart.line - 1}\`.`,
    };
  }
  const last = rows.at(-1)!;
  const units = rows.length > 1 && areUnits(last, rows[0]!) ? last : undefined;
  const names = units ? rows.slice(0, -1) : rows;
  if (names.length === 1) return { ...first, units, isCertain: true };
  const lines = `lines ${names[0]!.line} to ${names.at(-1)!.line}`;
  const doubt = `If the names of the columns are on ${lines}, set \`header: [${names.map(({ line }) => line).join(', ')}]\`.`;
  const isDoubtful = names.some((_, index) => {
    const { differing, filled } = looks[index]!;
    // A row of a table with many numbers hardly ever has none.
    return index > 0 && filled > 0 && differing < 2 && typed < 3;
  });
  if (repeatsNames(names)) return first;
  const values = names.slice(1).find(({ cells }) => cells.filter(isValue).length > 1);
  if (values) return { ...first, doubt: `Line ${values.line} has numbers or dates where the rows below it have none.` };
  const completes = !areNames(names[0]!.cells) && areNames(joined(names));
  const isFirstRow = looks[0]!.matching > 0 && looks[0]!.differing === 0;
  // So many lines with a name in each column are rows of another table.
  const areRows = names.length > MAX_FULL_LINES && looks.slice(0, names.length).every(({ filled }) => filled > 1);
  if (areRows) return { ...first, doubt };
  if (!completes && (isDoubtful || isFirstRow || !areNames(joined(names)))) return { ...first, doubt };
  const empty = names.find((_, index) => index > 0 && looks[index]!.filled === 0);
  const leftOut = empty && `Line ${empty.line} has no value and is left out. If it is a row, correct \`header\`.`;
  return { ...first, names, units, isCertain: true, ...(leftOut && { doubt: leftOut }) };
}

/** Whether a cell is a number or a time, and not a year, which may be a name. */
const isValue = (cell: string): boolean => isTyped(kindOf(cell)) && !/^\s*\d{4}\s*$/.test(cell);

const lineAfter = ({ line, text }: SampleRecord): number => line + countLineEnds(text);

/** Whether one of the lines has the names of another one again. */
function repeatsNames(rows: readonly SampleRecord[]): boolean {
  return rows.some(({ cells }, index) => rows.slice(0, index).some((other) => String(other.cells) === String(cells)));
}

/** Whether most cells of a row are units, and none repeats the name above it. */
function areUnits({ cells }: SampleRecord, names: SampleRecord): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (filled.length === 0 || !areNames(names.cells)) return false;
  const units = filled.filter(isUnit).length;
  return units >= 0.6 * filled.length && cells.every((cell, index) => cell === '' || cell !== names.cells[index]);
}

function joined(rows: readonly SampleRecord[]): string[] {
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, column) =>
    rows
      .map(({ cells }) => cells[column]?.trim() ?? '')
      .filter(Boolean)
      .join('_'),
  );
}

/** Whether texts can be the names of columns: all are there, and no two are equal. */
export function areNames(texts: readonly string[]): boolean {
  const names = texts.map((text) => text.trim());
  return names.every((name) => name !== '') && new Set(names).size === names.length;
}

function withoutHeader(
  table: readonly SampleRecord[],
  typed: number,
  { matching, near }: RowLook,
  first: Header,
): Header {
  const none: Header = { ...first, names: [] };
  if (matching > 0) {
    const isEvident = table.length >= 3 && 2 * near >= typed;
    if (isEvident) return { ...none, isCertain: true };
    return { ...first, doubt: MAY_BE_ROW };
  }
  const cells = table[0]!.cells;
  if (cells.some((cell) => isTyped(kindOf(cell)))) return { ...first, doubt: MAY_BE_ROW };
  if (typed > 0 || table.length < MIN_TEXT_ROWS) return first;
  // A name hardly ever is one of the values below it.
  const [own, text] = [table[0]!.text.trim(), cells.filter((cell) => kindOf(cell) === 'text').length];
  const others = table.filter((row) => row.text.trim() !== own);
  const repeated = cells.filter((cell, column) => cell !== '' && others.some((row) => row.cells[column] === cell));
  return text >= 2 && repeated.length >= 0.6 * cells.length ? { ...none, isCertain: true } : first;
}
