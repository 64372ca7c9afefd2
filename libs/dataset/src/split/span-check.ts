import { shellWord } from '@tracebloc/ingestor-core';
import type { Report } from '@tracebloc/ingestor-contract';
import { SPLIT_FINDINGS } from './findings.js';
import { judgeGroupName } from './group-names.js';
import type { ReadColumn } from './plan.js';

/** The most values of a column that are kept. Of more values, a random part is kept, so that memory stays flat. */
const MAX_VALUES = 1 << 16;
/** A column with fewer values has categories, not groups. */
const MIN_VALUES = { file: 1, owner: 3, thing: 10 };
const IN_TRAIN = 1;
const IN_TEST = 2;
const IN_BOTH = IN_TRAIN | IN_TEST;

/**
 * Counts values with rows in both sets, in the columns whose names say that the rows of one value belong together. Costs
 * nothing for files without such a column.
 */
export class SpanCheck {
  readonly #columns: { name: string; column: ReadColumn; values: SampledSides; least: number }[];

  /** `columnOf` returns a column by its name. The label and the groups are not checked, the names of files always are. */
  constructor(
    header: readonly string[],
    { label, groupBy, filename }: { label?: string; groupBy?: string; filename?: string },
    columnOf: (name: string) => ReadColumn,
  ) {
    const names = header.filter(
      (name) => header.indexOf(name) === header.lastIndexOf(name) && name !== label && name !== groupBy,
    );
    this.#columns = names.flatMap((name) => {
      const judged = name === filename ? 'file' : judgeGroupName(name);
      if (judged === undefined) return [];
      return [{ name, column: columnOf(name), values: new SampledSides(), least: MIN_VALUES[judged] }];
    });
  }

  add(cells: readonly string[], side: 'train' | 'test'): void {
    for (const { column, values } of this.#columns) {
      const text = column.read(cells[column.index]!);
      if (text !== '') values.add(text, side === 'train' ? IN_TRAIN : IN_TEST);
    }
  }

  /** Reports each column that has values in both sets. Must be called after the last row. */
  finish(report: Report, file: string): void {
    for (const { name, values, least } of this.#columns) {
      const { all, both, isExact } = values.count();
      if (both === 0 || all < least) continue;
      const about = (count: number) => `${isExact ? '' : 'about '}${count.toLocaleString('en-US')}`;
      const message = `${both === 1 ? 'A value' : 'Values'} of the column ${both === 1 ? 'has' : 'have'} rows in both sets: ${about(both)} of ${about(all)}.`;
      const fix = `If the rows of one value belong together, add \`--group-by ${shellWord(name)}\`.`;
      SPLIT_FINDINGS.report(report, 'group-in-both', () => ({ message, file, column: name, fix }));
    }
  }
}

/** The sides on which values occur. Of many values it keeps those whose hash ends in enough zeros. */
class SampledSides {
  /** Values with the same hash are one, which is rare. The values themselves would keep the text of the file in memory. */
  readonly #sides = new Map<number, number>();
  #mask = 0;

  add(text: string, side: number): void {
    const { low, high } = hashesOf(text);
    if ((low & this.#mask) !== 0) return;
    const key = (high & 0x1fffff) * 2 ** 32 + low;
    const before = this.#sides.get(key) ?? 0;
    if ((before | side) === before) return;
    this.#sides.set(key, before | side);
    if (this.#sides.size > MAX_VALUES) this.#keepHalf();
  }

  /** Returns the number of values, and of those on both sides. They are estimates unless they are exact. */
  count(): { all: number; both: number; isExact: boolean } {
    let both = 0;
    for (const sides of this.#sides.values()) if (sides === IN_BOTH) both++;
    const share = this.#mask + 1;
    return { all: this.#sides.size * share, both: both * share, isExact: share === 1 };
  }

  #keepHalf(): void {
    this.#mask = this.#mask * 2 + 1;
    for (const key of this.#sides.keys()) if ((key & this.#mask) !== 0) this.#sides.delete(key);
  }
}

/** Returns two hashes of 32 bits, each by multiplying and mixing like MurmurHash. */
function hashesOf(text: string): { low: number; high: number } {
  let low = 0x9e3779b1;
  let high = 0x85ebca6b;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  low = Math.imul(low ^ (low >>> 16) ^ high, 0x2c1b3c6d);
  low ^= low >>> 15;
  return { low: low >>> 0, high: high >>> 0 };
}
