import { namesMean, namesTotal } from '../../statistics/total-words.js';
import { numberOf } from './columns.js';
import type { Fit } from './fit.js';
import type { Layout } from './layout.js';
import type { SampleRecord } from './sample-records.js';

/** The most blank lines in a table whose rows are not separated by them. */
const MAX_BLANK = 3;
const LEFT_OUT =
  'Some of the last records are left out because they seem to be sums or notes. If they are rows, lower `skip_footer`.';
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
  if (left) {
    const isSum = columns.some(({ kind }, column) => kind === 'number' && areSummed(rows, left, column));
    if (isSum) return [];
    return [`Line ${left.line} is left out because it seems to be a sum or a note. If it is a row, lower \`skip_footer\`.`];
  }
  const last = rows.at(-1);
  const isNote = last && width > 2 && filled(last.cells) === 1 && rows.slice(0, -1).every(({ cells }) => filled(cells) > 1);
  if (isNote && footer === 0) return [`Line ${last.line}, the last one, has only one value. If it is a note, set \`skip_footer: 1\`.`];
  const names = last?.cells.find((cell) => cell.trim() !== '') ?? '';
  if (!last || footer > 0 || rows.length < 2 || !(namesTotal(names) || namesMean(names))) return [];
  return [`Line ${last.line}, the last one, may be a total. If it is, set \`skip_footer: 1\`.`];
}

function areSummed(rows: readonly SampleRecord[], { cells }: SampleRecord, column: number): boolean {
  const total = numberOf(cells[column] ?? '');
  const numbers = rows.map((row) => numberOf(row.cells[column] ?? '')).filter((value) => Number.isFinite(value));
  const sum = numbers.reduce((all, value) => all + value, 0);
  return total !== 0 && Math.abs(total - sum) <= ROUNDING * Math.abs(sum);
}

/** Doubts a table with a few blank lines between its rows: another table may begin after one. */
export function blankLineWithin(rows: readonly SampleRecord[], { blankLines, width }: Fit): string[] {
  const whole = rows.filter(({ cells }) => cells.length === width);
  const after = whole.filter(({ line }, index) => index > 0 && blankLines.has(line - 1));
  if (width < 2 || after.length === 0 || after.length > MAX_BLANK) return [];
  return [`A blank line stands before line ${after[0]!.line}. If another table begins there, write it to a file of its own.`];
}

const filled = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;
