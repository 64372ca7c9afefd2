import type { Page } from '../types.js';

/**
 * The rows of a page, asked for `size` at a time: a database's answer has a limit of bytes, whatever it is that is asked.
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
