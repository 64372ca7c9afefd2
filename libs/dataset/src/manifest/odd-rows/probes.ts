import type { RowModel } from './model.js';

/** The columns that are looked at in each row. */
const MAX_PROBES = 3;
const MIN_PROBES = 2;
const SIZE = 1 << 12;

/** Tells at little cost that a row is like those before in one of a few columns, so that it need not be examined. */
export class RowProbes {
  readonly #probes: { column: number; isOpen: boolean; known: Uint8Array }[];

  constructor(model: RowModel) {
    const columns = model.columns.slice(0, MAX_PROBES);
    this.#probes = columns.map((probe) => ({ ...probe, known: new Uint8Array(SIZE) }));
  }

  /** Whether there are enough columns whose values look alike. */
  get areUsable(): boolean {
    return this.#probes.length >= MIN_PROBES;
  }

  learn(rows: readonly (readonly string[])[]): void {
    for (const { column, isOpen, known } of this.#probes) {
      for (const row of rows) known[keyOf(row[column]!, isOpen)] = 1;
    }
  }

  /** Whether the row may be unlike all rows that were learned. */
  mayBeOdd(row: readonly string[]): boolean {
    for (const { column, isOpen, known } of this.#probes) {
      if (known[keyOf(row[column]!, isOpen)] === 1) return false;
    }
    return true;
  }
}

/** Returns a number that values which look alike share, for open values, and that equal values share for others. */
function keyOf(cell: string, isOpen: boolean): number {
  const { length } = cell;
  if (length === 0) return 0;
  const [first, last] = [cell.charCodeAt(0), cell.charCodeAt(length - 1)];
  if (isOpen) return ((classOf(first) << 6) | classOf(last)) & (SIZE - 1);
  return (((first * 31 + last) * 31 + length) & (SIZE - 1)) | 1;
}

/** Returns one number for all digits, for all capitals and for all other letters. */
function classOf(code: number): number {
  if (code >= 48 && code <= 57) return 1;
  if (code >= 97 && code <= 122) return 2;
  if (code >= 65 && code <= 90) return 3;
  return code >= 128 ? 2 : 4 + (code & 31);
}
