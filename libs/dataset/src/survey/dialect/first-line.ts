import { isTyped, kindOf } from './cell-kind.js';
import type { Fit } from './fit.js';
import type { SampleRecord } from './sample-records.js';

/** The fewest rows whose number is not there by chance. */
const MIN_ROWS = 5;

/**
 * Whether the only line before the first row has the number of the rows, as `178,13,class_0,class_1` has: some libraries
 * write their tables so.
 */
export function countsRows(before: readonly SampleRecord[], { records, width }: Fit, isComplete: boolean): boolean {
  const [first, ...more] = before;
  if (!first || more.length > 0 || first.cells.length > width) return false;
  const rows = records.length - 1;
  if (rows < MIN_ROWS) return false;
  const [count, columns] = first.cells.map(Number);
  const isCount = isComplete ? count === rows : count! >= rows && Number.isInteger(count);
  return isCount && (columns === width || columns === width - 1);
}

/** Whether a line has as many words as a row has fields, so that it may be a header with another delimiter. */
export function mayBeNames({ text }: SampleRecord, width: number): boolean {
  const words = text.trim().split(/\s+/);
  return words.length === width && !words.some((word) => isTyped(kindOf(word)));
}
