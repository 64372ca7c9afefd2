/** The number of labels that are compared. A column with more labels does not hold classes. */
const MAX_LABELS = 10_000;

export interface UnseenLabel {
  label: string;
  /** The first row that has it. */
  row: number;
  rows: number;
}

/** Collects the labels of train, and finds those of test that train does not have. It finds none if train has too many. */
export class LabelSets {
  readonly #seen = new Set<string>();
  readonly #unseen = new Map<string, UnseenLabel>();
  #tooMany = false;

  addTrain(label: string | null): void {
    if (label === null || this.#tooMany) return;
    this.#seen.add(label);
    this.#tooMany = this.#seen.size > MAX_LABELS;
    if (this.#tooMany) this.#seen.clear();
  }

  addTest(label: string | null, row: number): void {
    if (label === null || this.#tooMany || this.#seen.has(label)) return;
    const known = this.#unseen.get(label);
    if (known) known.rows++;
    else if (this.#unseen.size < MAX_LABELS) this.#unseen.set(label, { label, row, rows: 1 });
  }

  unseen(): Iterable<UnseenLabel> {
    return this.#unseen.values();
  }
}
