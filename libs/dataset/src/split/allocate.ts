/**
 * Returns how many rows of each class the test set of `test` rows gets, in proportion to the classes: by the method of the
 * largest remainder, where the first of equal classes goes first. A class of two rows or more has a row on each side, even
 * if the sum then exceeds `test`. A class of one row stays in the training set.
 */
export function allocate(sizes: readonly number[], test: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * test) / total);
  const rows = sizes.map((size, index) => withinClass(Math.floor(exact[index]!), size));
  let left = test - rows.reduce((sum, count) => sum + count, 0);
  const remainder = (index: number) => exact[index]! - Math.floor(exact[index]!);
  const byRemainder = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const index of byRemainder) {
    const more = rows[index]! + 1;
    if (left <= 0) break;
    if (more > Math.ceil(exact[index]!) || withinClass(more, sizes[index]!) !== more) continue;
    rows[index] = more;
    left--;
  }
  return rows;
}

function withinClass(rows: number, size: number): number {
  return size < 2 ? 0 : Math.min(Math.max(rows, 1), size - 1);
}
