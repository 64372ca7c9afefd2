import type { Page } from './types.js';

/** The most rows of the ledger that one statement returns. They have at most 6 kB each. */
export const MOST_ROWS = 10_000;

/**
 * Returns the rows of a page. It reads `size` rows at a time, because the size of one answer of a database is limited.
 * Without a limit the page ends with the last row.
 */
export async function inPages<Row>(
  size: number,
  { limit = Infinity, offset = 0 }: Page,
  find: (page: Required<Page>) => Promise<Row[]>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const wanted = Math.min(size, limit - all.length);
    const some = wanted > 0 ? await find({ limit: wanted, offset: offset + all.length }) : [];
    all.push(...some);
    if (some.length < size) return all;
  }
}
