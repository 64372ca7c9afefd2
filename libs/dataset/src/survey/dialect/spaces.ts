import type { Fit } from './fit.js';

/** The rows that are examined. */
const EXAMINED = 500;

/** Whether all cells after a delimiter begin with a space, or with a space and a quote. */
export function hasInitialSpaces({ records, width, dialect: { delimiter, quote } }: Fit): boolean {
  let spaced = 0;
  for (const { cells, text } of records.slice(0, EXAMINED)) {
    if (cells.length !== width) continue;
    // The reader leaves out a space before a quote anyway.
    const quoted = quote === '' ? 0 : countOf(text, delimiter, quote);
    const others = cells.slice(1).filter((cell) => cell !== '' && !/^[ \t]/.test(cell)).length;
    if (others > quoted) return false;
    spaced += cells.slice(1).filter((cell) => /^[ \t]+\S/.test(cell)).length;
  }
  return spaced > 0;
}

/** Counts the delimiters that a space and a quote follow. */
function countOf(text: string, delimiter: string, quote: string): number {
  return text
    .split(delimiter)
    .filter((part, index) => index > 0 && /^[ \t]+/.test(part) && part.trimStart().startsWith(quote)).length;
}
