import type { LabelCount, LabelCounts } from '../types.js';

/** Distinct labels that are counted, and the characters that they may have together: some 20 MB of memory at most. */
const MOST_LABELS = 100_000;
const MOST_CHARACTERS = 4 << 20;

/** Labels that are told of a dataset, the commonest first. */
export const MOST_TOLD = 1000;

/** Counts labels in bounded memory. */
export class LabelTally {
  readonly #counts = new Map<string | null, number>();
  #characters = 0;
  /** Distinct labels at the moment when there were too many to count; 0 before. */
  #tooMany = 0;

  add(label: string | null): void {
    if (this.#tooMany > 0) return;
    const count = this.#counts.get(label);
    this.#counts.set(label, (count ?? 0) + 1);
    if (count !== undefined) return;
    this.#characters += label?.length ?? 0;
    if (this.#counts.size <= MOST_LABELS && this.#characters <= MOST_CHARACTERS) return;
    this.#tooMany = this.#counts.size;
    this.#counts.clear();
  }

  /** Counts no label where there are too many, and then `distinct` is a lower bound. */
  get result(): LabelCounts {
    if (this.#tooMany > 0) return { labels: [], distinct: this.#tooMany, moreDistinct: true };
    const labels = [...this.#counts].map(([label, records]): LabelCount => ({ label, records }));
    labels.sort((a, b) => b.records - a.records || compare(a.label, b.label));
    return { labels: labels.slice(0, MOST_TOLD), distinct: labels.length };
  }
}

/** As the databases order: NULL first. */
function compare(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a < b ? -1 : Number(a > b);
}
