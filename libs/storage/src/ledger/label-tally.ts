import type { LabelCount, LabelCounts } from './types.js';

/** Limits of the distinct labels that are counted, and of their characters: about 20 MB of memory. */
const MOST_LABELS = 100_000;
const MOST_CHARACTERS = 4 << 20;

/** Labels that are reported of a dataset. */
export const MOST_REPORTED = 1000;

/** Counts labels in bounded memory. */
export class LabelTally {
  readonly #counts = new Map<string | null, number>();
  #characters = 0;
  /** The number of distinct labels when there were too many to count; 0 before. */
  #tooMany = 0;

  add(label: string | null, records = 1): void {
    if (this.#tooMany > 0) return;
    const count = this.#counts.get(label);
    this.#counts.set(label, (count ?? 0) + records);
    if (count !== undefined) return;
    this.#characters += label?.length ?? 0;
    if (this.#counts.size <= MOST_LABELS && this.#characters <= MOST_CHARACTERS) return;
    this.#tooMany = this.#counts.size;
    this.#counts.clear();
  }

  /** Returns no labels if there were too many to count; `distinct` is a lower bound then. */
  get result(): LabelCounts {
    if (this.#tooMany > 0) return { labels: [], distinct: this.#tooMany, moreDistinct: true };
    const labels = [...this.#counts].map(([label, records]): LabelCount => ({ label, records }));
    labels.sort((a, b) => b.records - a.records || compare(a.label, b.label));
    return { labels: labels.slice(0, MOST_REPORTED), distinct: labels.length };
  }
}

/**
 * Returns the counts of all parts together, or `undefined` if the parts do not tell them: a part with more labels than are
 * reported does not say how often each occurs.
 */
export function mergeLabels(parts: readonly LabelCounts[]): LabelCounts | undefined {
  const distinct = Math.max(...parts.filter(({ moreDistinct }) => moreDistinct).map((part) => part.distinct));
  if (distinct > 0) return { labels: [], distinct, moreDistinct: true };
  if (parts.some((part) => part.labels.length < part.distinct)) return undefined;
  const tally = new LabelTally();
  for (const { labels } of parts) for (const { label, records } of labels) tally.add(label, records);
  return tally.result;
}

/** Orders like the databases: NULL first. */
function compare(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a < b ? -1 : Number(a > b);
}
