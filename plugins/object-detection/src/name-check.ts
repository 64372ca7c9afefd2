import type { Report } from '@tracebloc/ingestor-contract';
import { detectionFindings } from './findings.js';

/** The most names that are counted. A dataset with more of them has enough findings. */
const MAX_NAMES = 1000;

/** The state that one `NameCheck` hands to another. */
export type PartialNames = {
  labels: string[];
  /** Each name with the number of its objects and the first annotation, by name, that has it. */
  names: [name: string, count: number, first: string][];
};

/** Finds the names of objects that are not labels of the manifest. The order of the calls makes no difference. */
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

  /** Adds what another check has counted. */
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

  /** Warns of each name that is not a label. Call it after the last row, when every label has been added. */
  finish(report: Report): void {
    for (const [name, { count, first }] of [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (this.#labels.has(name)) continue;
      detectionFindings.report(report, 'unlisted-name', () => ({
        message: `The name of ${count} ${count === 1 ? 'object' : 'objects'}, first in this file, is not a label of the manifest.`,
        file: first,
        column: 'name',
        value: name,
        expected: "one of the manifest's labels",
      }));
    }
  }
}
