import { open } from 'node:fs/promises';
import { namesMean, namesTotal } from '../statistics/total-words.js';

/** The bytes at the end of a file that are examined. */
const END_BYTES = 2048;

/** Matches what separates cells, in whatever form the table is written. */
const SEPARATORS = /[,;\t|"'\r\n{}[\]:]+/;
/** Matches an empty cell in the last line. */
const EMPTY_CELL = /(?:^|[,;\t|])\s*(?:""|null)?\s*(?:[,;\t|}]|$)/;

/**
 * Whether the end of a file may be a total: it has a word such as `Total`, the last line has an empty cell, or the bytes do
 * not tell. It is false for most files, which saves adding up their numbers.
 */
export async function mayEndInTotals(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, END_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString();
    // In UTF-16 the words are not found.
    if (text.includes('\0')) return true;
    const line =
      text
        .trimEnd()
        .split(/[\r\n]+/)
        .at(-1) ?? '';
    return EMPTY_CELL.test(line) || text.split(SEPARATORS).some((cell) => namesTotal(cell) || namesMean(cell));
  } finally {
    await file.close();
  }
}

/** Whether rows at the end of a table may be totals: one has such a word, or the last has an empty cell. */
export function rowsMayBeTotals(rows: readonly (readonly string[])[]): boolean {
  return (
    (rows.at(-1)?.includes('') ?? false) || rows.some((row) => row.some((cell) => namesTotal(cell) || namesMean(cell)))
  );
}
