import type { Report } from '@tracebloc/ingestor-contract';
import { detectionFindings } from './findings.js';

/** Names that are told apart; a dataset with more of them has made its point. */
const MAX_NAMES = 1000;

/** What `NameCheck.merge` needs of another. */
export type PartialNames = {
  labels: string[];
  /** Name, number of objects, first annotation by name. */
  names: [name: string, count: number, first: string][];
};

/** Tells which names of objects are no label of the manifest. The order of adding, which may vary, changes nothing. */
export class NameCheck {
  readonly #labels = new Set<string>();
  readonly #names = new Map<string, { count: number; first: string }>();

  addLabel(label: string): void {
    this.#labels.add(label);
  }

  /** `file` is the annotation's name as findings show it. */
  addNames(names: readonly string[], file: string): void {
    for (const name of names) this.#add(name, 1, file);
  }

  partial(): PartialNames {
    return {
      labels: [...this.#labels],
      names: [...this.#names].map(([name, { count, first }]) => [name, count, first]),
    };
  }

  /** Takes what another check has seen. */
  merge({ labels, names }: PartialNames): void {
    for (const label of labels) this.addLabel(label);
    for (const [name, count, first] of names) this.#add(name, count, first);
  }

  #add(name: string, count: number, first: string): void {
    const entry = this.#names.get(name);
    if (entry) {
      entry.count += count;
      if (first < entry.first) entry.first = first;
    } else if (this.#names.size < MAX_NAMES) {
      this.#names.set(name, { count, first });
    }
  }

  /** Warns of each name that is no label. To be called after the last row, where every label has been read. */
  finish(report: Report): void {
    for (const [name, { count, first }] of [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (this.#labels.has(name)) continue;
      detectionFindings.report(report, 'unlisted-name', () => ({
        message: `The name of ${count} ${count === 1 ? 'object' : 'objects'}, first in this file, is no label.`,
        file: first,
        column: 'name',
        value: name,
        expected: "one of the manifest's labels",
      }));
    }
  }
}
