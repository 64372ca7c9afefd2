import type { DatasetRecord } from '@tracebloc/ingestor-contract';

/** Most labels that are compared: a column with more holds no classes. */
const MAX_LABELS = 10_000;

export interface UnseenLabel {
  label: string;
  /** The first row that has it. */
  row: number;
  rows: number;
}

/** The labels of train, and those of test that are not among them; none where train has too many to be classes. */
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

  addTest({ label, row }: DatasetRecord): void {
    if (label === null || this.#tooMany || this.#seen.has(label)) return;
    const known = this.#unseen.get(label);
    if (known) known.rows++;
    else if (this.#unseen.size < MAX_LABELS) this.#unseen.set(label, { label, row, rows: 1 });
  }

  unseen(): Iterable<UnseenLabel> {
    return this.#unseen.values();
  }
}
