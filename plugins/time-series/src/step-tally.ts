/** The most different steps that are told apart, so that memory is bounded. */
const MAX_STEPS = 200;
/** The least share of one step in a series that is regular. */
const REGULAR = 0.8;
/** The least share if all other steps are multiples of it, as they are where rows are missing. */
const REGULAR_WITH_GAPS = 0.5;
/** The fewest steps by which a series is judged. */
const MIN_STEPS = 4;

/** Two moments that follow each other, as the table holds them, and the row of the second. */
export type Pair = [from: string, to: string, row: number];

/** Steps of one length, and the first pair that has it. */
type Entry = [step: number, count: number, pair: Pair];

/** Steps that are not told apart. */
type Rest = {
  count: number;
  sum: number;
  shortest: number;
  longest: number;
  pair: Pair;
};

export type TallyState = { entries: Entry[]; rest: Rest | null };

/** The step of a regular series, and the longer ones. Lengths are in the unit of the tally. */
export interface Regularity {
  step: number;
  /** The number of steps over moments that are missing. */
  gaps: number;
  /** The number of missing moments. */
  missing: number;
  /** The longest gap. */
  longest?: Pair;
}

/** Counts steps by their length, in bounded memory. */
export class StepTally {
  readonly #entries = new Map<number, Entry>();
  #latest: Entry | undefined;
  #rest: Rest | null = null;
  count = 0;

  /** The pair is built only if it is kept. */
  add(step: number, pair: () => Pair, count = 1): void {
    this.count += count;
    if (this.#latest?.[0] === step) {
      this.#latest[1] += count;
      return;
    }
    const entry = this.#entries.get(step);
    if (entry) entry[1] += count;
    else if (this.#entries.size >= MAX_STEPS) {
      this.#addRest({ count, sum: step * count, shortest: step, longest: step, pair: pair() });
      return;
    }
    this.#latest = entry ?? [step, count, pair()];
    if (!entry) this.#entries.set(step, this.#latest);
  }

  state(): TallyState {
    return { entries: [...this.#entries.values()], rest: this.#rest };
  }

  merge({ entries, rest }: TallyState): void {
    for (const [step, count, pair] of entries) this.add(step, () => pair, count);
    if (rest) {
      this.count += rest.count;
      this.#addRest(rest);
    }
  }

  get shortest(): number {
    return Math.min(...this.#entries.keys(), this.#rest?.shortest ?? Infinity);
  }

  /** Returns `undefined` if no step is that of most rows, or there are too few. */
  regularity(): Regularity | undefined {
    const entries = [...this.#entries.values()];
    if (this.count < MIN_STEPS || entries.length === 0) return undefined;
    const [step, count] = entries.reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const rest = this.#rest;
    // What is shorter than the step, and not told apart, may be anything.
    if (rest && rest.shortest < step) return undefined;
    const isMultiple = !rest && entries.every(([other]) => other % step === 0);
    if (count < this.count * (isMultiple ? REGULAR_WITH_GAPS : REGULAR)) return undefined;
    const gaps = entries.filter(([other]) => missingIn(other, step) > 0);
    const longest = gaps.reduce<Entry | undefined>(
      (most, entry) => (most && most[0] >= entry[0] ? most : entry),
      undefined,
    );
    const isRestLonger = rest && rest.longest > (longest?.[0] ?? step);
    return {
      step,
      gaps: gaps.reduce((sum, [, times]) => sum + times, rest?.count ?? 0),
      missing: gaps.reduce(
        (sum, [other, times]) => sum + times * missingIn(other, step),
        rest ? Math.round(rest.sum / step) - rest.count : 0,
      ),
      longest: isRestLonger ? rest.pair : longest?.[2],
    };
  }

  #addRest(more: Rest): void {
    const rest = this.#rest;
    if (!rest) {
      this.#rest = { ...more };
      return;
    }
    rest.count += more.count;
    rest.sum += more.sum;
    rest.shortest = Math.min(rest.shortest, more.shortest);
    if (more.longest > rest.longest) [rest.longest, rest.pair] = [more.longest, more.pair];
  }
}

/** Returns how many moments of a regular series a step leaves out. */
const missingIn = (step: number, regular: number): number => Math.round(step / regular) - 1;
