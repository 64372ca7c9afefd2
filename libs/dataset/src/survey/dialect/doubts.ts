import { namesMean, namesTotal } from '../../statistics/total-words.js';
import { columnKind, isTyped, kindOf } from './cell-kind.js';
import { numberOf } from './columns.js';
import type { Fit } from './fit.js';
import { areNames } from './header.js';
import type { Layout } from './layout.js';
import type { SampleRecord } from './sample-records.js';

/** The most blank lines in a table whose rows are not separated by them. */
const MAX_BLANK = 3;
const LEFT_OUT =
  'Some of the last records are left out because they seem to be sums or notes. If they are rows, lower `skip_footer`.';
/** The rows at either end of a table that are compared. */
const MAX_END_ROWS = 10;
const MIN_END_ROWS = 4;
/** By which share of a sum a total may differ. */
const ROUNDING = 0.01;

/**
 * Doubts a last row that names a total, unless its numbers are the sums of the rows above it. `end` has the last records of
 * the file.
 */
export function doubtTotals(
  { fit, header, columns, footer }: Layout,
  end: readonly SampleRecord[],
  isComplete: boolean,
): string[] {
  const { records, width } = fit;
  if (!isComplete) {
    const isLeftOut = end.slice(end.length - footer).some(({ cells }) => cells.length === width && filled(cells) > 1);
    return isLeftOut && footer > 0 ? [LEFT_OUT] : [];
  }
  const rows = records.slice(records.indexOf(header.start) + Math.max(1, header.names.length), records.length - footer);
  const left = records.slice(records.length - footer).find(({ cells }) => cells.length === width && filled(cells) > 1);
  const cut = records.slice(records.length - footer).find((record) => footer > 0 && mayBeCutRow(record, rows, width));
  if (cut) return [leftOut(cut.line)];
  if (left) {
    const isSum = columns.some(({ kind }, column) => kind === 'number' && areSummed(rows, left, column));
    if (isSum) return [];
    return [leftOut(left.line)];
  }
  const last = rows.at(-1);
  const isNote =
    last && width > 2 && filled(last.cells) === 1 && rows.slice(0, -1).every(({ cells }) => filled(cells) > 1);
  if (isNote && footer === 0)
    return [`Line ${last.line}, the last one, has only one value. If it is a note, set \`skip_footer: 1\`.`];
  const names = last?.cells.find((cell) => cell.trim() !== '') ?? '';
  if (!last || footer > 0 || rows.length < 2 || !(namesTotal(names) || namesMean(names))) return [];
  return [`Line ${last.line}, the last one, may be a total. If it is, set \`skip_footer: 1\`.`];
}

const leftOut = (line: number): string =>
  `Line ${line} is left out because it seems to be a sum or a note. If it is a row, lower \`skip_footer\`.`;

/**
 * Whether a line of one cell has about as many words as there are columns, of which several are numbers or times, or begins as
 * the last cells of the rows do.
 */
function mayBeCutRow({ cells, text }: SampleRecord, rows: readonly SampleRecord[], width: number): boolean {
  if (cells.length > 1) return false;
  const words = text.trim().split(/[\s,;|]+/);
  if (words.length >= width - 1 && words.filter((word) => isTyped(kindOf(word))).length > 1) return true;
  const alike = rows.filter((row) => row.cells.length > 1 && row.cells.at(-1)!.trim().startsWith(`${words[0]!} `));
  return alike.length > rows.length / 2;
}

function areSummed(rows: readonly SampleRecord[], { cells }: SampleRecord, column: number): boolean {
  const total = numberOf(cells[column] ?? '');
  const numbers = rows.map((row) => numberOf(row.cells[column] ?? '')).filter((value) => Number.isFinite(value));
  const sum = numbers.reduce((all, value) => all + value, 0);
  return total !== 0 && Math.abs(total - sum) <= ROUNDING * Math.abs(sum);
}

/** Doubts a table with a few blank lines between its rows: another table may begin after one. */
export function blankLineWithin(rows: readonly SampleRecord[], { blankLines, width }: Fit): string[] {
  // A blank line after the header is nothing special, unless the first row may be the header.
  const mayBeNames = ({ cells }: SampleRecord) => areNames(cells) && !cells.some((cell) => isTyped(kindOf(cell)));
  const after = rows.filter((row, index) => blankLines.has(row.line - 1) && (index > 0 || mayBeNames(row)));
  if (width < 2 || after.length === 0 || after.length > MAX_BLANK) return [];
  return [
    `A blank line stands before line ${after[0]!.line}. If another table begins there, write it to another file.`,
  ];
}

/** Doubts a table whose first rows have numbers or dates where the last ones have texts, or the other way round. */
export function otherEnd(rows: readonly SampleRecord[], width: number): string[] {
  const count = Math.min(MAX_END_ROWS, Math.floor(rows.length / 2));
  if (count < MIN_END_ROWS) return [];
  const kindsOf = (part: readonly SampleRecord[]) =>
    Array.from({ length: width }, (_, column) => columnKind(part.map(({ cells }) => kindOf(cells[column] ?? ''))));
  const [first, last] = [kindsOf(rows.slice(0, count)), kindsOf(rows.slice(-count))];
  const differing = first.filter((kind, column) => {
    const other = last[column]!;
    return kind !== other && kind !== 'empty' && other !== 'empty';
  });
  if (differing.length < 2) return [];
  return [
    'In several columns the first rows have numbers or dates and the last ones have not, or the other way round: the file may have two tables.',
  ];
}

const filled = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;
