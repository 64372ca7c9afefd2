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

  /** Returns the next row from an index on that may be unlike all rows that were learned, or the number of rows. */
  nextOdd(rows: readonly (readonly string[])[], from: number): number {
    const [first] = this.#probes;
    if (!first) return rows.length;
    const { column, isOpen, known } = first;
    let index = from;
    for (; index < rows.length; index++) {
      const row = rows[index]!;
      if (known[keyOf(row[column]!, isOpen)] === 0 && this.#isUnknown(row)) break;
    }
    return index;
  }

  #isUnknown(row: readonly string[]): boolean {
    return this.#probes.every(({ column, isOpen, known }) => known[keyOf(row[column]!, isOpen)] === 0);
  }
}

/** Returns a number that values which look alike share, for open values, and that equal values share for others. */
function keyOf(cell: string, isOpen: boolean): number {
  const { length } = cell;
  if (length === 0) return 0;
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(length - 1);
  if (isOpen) return (classOf(first) << 6) | classOf(last);
  return (((first * 31 + last) * 31 + length) & (SIZE - 1)) | 1;
}

/** One number below 64 for all digits, one for all capitals and one for all other letters, by the character's code. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 48 && code <= 57) return 1;
  if (code >= 97 && code <= 122) return 2;
  if (code >= 65 && code <= 90) return 3;
  return 4 + (code & 31);
});

const classOf = (code: number): number => (code < 128 ? CLASSES[code]! : 2);
