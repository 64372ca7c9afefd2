import { columnKind, isRange, isTyped, kindOf } from './cell-kind.js';
import type { SampleRecord } from './sample-records.js';

/** A column of the rows of a sample. */
export interface SampleColumn {
  kind: 'number' | 'time' | 'text' | 'empty';
  /** Of the numbers. */
  range?: { low: number; high: number };
}

/** How a row looks if it stands above the rows of the table. */
export interface RowLook {
  /** The cells in columns of numbers or times that are of the column's kind. */
  matching: number;
  /** The cells in such columns that are of another kind and not missing. A single range of numbers is none below the first row. */
  differing: number;
  /** The matching cells whose value lies near those of the column. */
  near: number;
  /** The cells that are not blank. */
  filled: number;
}

/** The rows that are examined. */
const EXAMINED = 300;

/** Examines the columns of rows of equal width. The first rows, which may be a header, are left out as far as possible. */
export function columnsOf(rows: readonly SampleRecord[], width: number): SampleColumn[] {
  const count = rows.length;
  const skipped = count <= 4 ? Math.max(1, count - 1) : count <= 8 ? Math.ceil(count / 2) : 5;
  const body = rows.slice(skipped, skipped + EXAMINED);
  const below = rows.slice(1, EXAMINED);
  return Array.from({ length: width }, (_, column) => {
    const cells = body.map(({ cells }) => cells[column] ?? '');
    const kind = columnKind(cells.map(kindOf));
    if (kind !== 'number') return { kind };
    const numbers = below.map(({ cells }) => numberOf(cells[column] ?? '')).filter((value) => Number.isFinite(value));
    return { kind, range: numbers.length > 0 ? { low: Math.min(...numbers), high: Math.max(...numbers) } : undefined };
  });
}

/** In the first row, numbers that count up evenly are names of columns. */
export function lookOf({ cells }: SampleRecord, columns: readonly SampleColumn[], isFirst = false): RowLook {
  const look: RowLook = {
    matching: 0,
    differing: 0,
    near: 0,
    filled: cells.filter((cell) => cell.trim() !== '').length,
  };
  let ranges = 0;
  const sequence = isFirst && isSequence(cells);
  for (const [index, { kind, range }] of columns.entries()) {
    if (kind !== 'number' && kind !== 'time') continue;
    const found = kindOf(cells[index] ?? '');
    if (found === 'empty' || found === 'missing') continue;
    if (found !== kind || (sequence && kind === 'number')) {
      look.differing++;
      if (!isFirst && !isTyped(found) && isRange(cells[index]!)) ranges++;
      continue;
    }
    look.matching++;
    if (kind === 'time' || isNear(numberOf(cells[index]!), range)) look.near++;
  }
  // Such a row is one of the table, where a number is not exact. Several ranges may be names of groups.
  if (look.differing === 1) look.differing -= ranges;
  return look;
}

/** Whether a value lies within or near a range. A year is near only if the range is one of years. */
function isNear(value: number, range: SampleColumn['range']): boolean {
  if (!range) return false;
  const { low, high } = range;
  if (isYear(value) && !(isYear(low) && isYear(high))) return false;
  const span = Math.max(high - low, Math.abs(high), Math.abs(low));
  return value >= low - span && value <= high + span;
}

const isYear = (value: number): boolean => Number.isInteger(value) && value >= 1800 && value <= 2100;

/** Whether the numbers of a row count up evenly, as years and other numbers do that are the names of columns. */
function isSequence(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => isTyped(kindOf(cell))).map(numberOf);
  const step = numbers[1]! - numbers[0]!;
  if (numbers.length < 3 || !Number.isInteger(step) || step === 0) return false;
  return numbers.every((value, index) => index === 0 || value - numbers[index - 1]! === step);
}

/** Returns the number that a cell means, in one of the usual ways to write numbers, or NaN. */
export function numberOf(cell: string): number {
  const text = cell.replaceAll(/[^\d.,eE+-]/g, '');
  const decimal = /,\d{1,2}$|,\d{4,}$/.test(text) ? ',' : '.';
  const plain = decimal === ',' ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  return plain === '' ? NaN : Number(plain);
}
