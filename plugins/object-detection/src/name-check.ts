import type { Report } from '@tracebloc/ingestor-contract';
import { reportFinding } from '@tracebloc/ingestor-dataset';
import { detectionFindings } from './findings.js';

/** The most names that are counted. A dataset with more of them has enough findings. */
const MAX_NAMES = 1000;

const ONE_CLASS =
  'Annotate objects of another class, or name a column of labels in `label`, with which one class is enough.';

/** The state that one `NameCheck` hands to another. */
export type PartialNames = {
  labels: string[];
  /** Each name with the number of its objects and the first annotation, by name, that has it. */
  names: [name: string, count: number, first: string][];
};

/** Where the classes are declared, as findings name it. */
export interface Declaration {
  /** The manifest's name in findings. */
  file: string;
  column: string;
}

/**
 * Counts the objects of each class. It finds names that are not labels of the manifest, labels that no object has, and names that
 * differ in case or space alone. The order of the calls makes no difference.
 */
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

  /** The number of the objects of each class. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#names].map(([name, { count }]) => [name, count]));
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

  /**
   * Warns of what the names show. Call it after the last row, when every label has been added. Without a declaration no classes
   * are declared.
   */
  finish(report: Report, declared?: Declaration): void {
    if (declared) {
      this.#reportUnlisted(report);
      this.#reportUnused(report, declared);
    }
    this.#reportSimilar(report);
  }

  /** Reports that all objects are of one class, which a dataset without labels in its rows may not be. `file` is the folder. */
  reportOneClass(report: Report, file: string): void {
    if (this.#names.size !== 1) return;
    const [value] = [...this.#names.keys()];
    const message = 'All objects have the same name, so there is only one class.';
    const expected = 'objects of two or more classes';
    reportFinding(report, 'one-class', () => ({ message, file, column: 'name', value, expected, fix: ONE_CLASS }));
  }

  get #sorted(): [name: string, entry: { count: number; first: string }][] {
    return [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #reportUnlisted(report: Report): void {
    for (const [name, { count, first }] of this.#sorted) {
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

  #reportUnused(report: Report, { file, column }: Declaration): void {
    // Labels of which none is a name are not meant as names: they may tell where the picture was taken.
    const isUsed = (label: string) => this.#names.has(label);
    if (this.#names.size === MAX_NAMES || ![...this.#labels].some(isUsed)) return;
    for (const label of [...this.#labels].sort()) {
      if (isUsed(label)) continue;
      const message = 'No object of the annotations has this label as its name.';
      detectionFindings.report(report, 'unused-class', () => ({ message, file, column, value: label }));
    }
  }

  #reportSimilar(report: Report): void {
    const groups = Map.groupBy(this.#sorted, ([name]) =>
      name
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s_-]+/g, ''),
    );
    for (const alike of groups.values()) {
      if (alike.length < 2) continue;
      const counts = alike.map(([, { count }]) => count).join(' and ');
      const message = `${alike.length} names are the same word, written in different ways; ${counts} objects have them.`;
      const value = alike.map(([name]) => name).join(', ');
      const fix =
        'If they are one class, write them alike in all annotations. If they are different classes, leave them.';
      const file = alike.map(([, { first }]) => first).sort()[0]!;
      reportFinding(report, 'similar-classes', () => ({ message, file, column: 'name', value, fix }));
    }
  }
}
