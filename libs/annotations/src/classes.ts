import { type JsonSchema, type Report, TableError } from '@tracebloc/ingestor-contract';
import { annotationFindings } from './findings.js';

/** The most classes of masks: 0 is the background, and 255 often marks what is ignored. */
const MAX_IN_MASKS = 254;

/** JSON Schema of the option `classes`. */
export const CLASSES_OPTION: JsonSchema = {
  type: 'array',
  items: { type: 'string' },
  uniqueItems: true,
  minItems: 1,
  examples: [['car', 'person']],
  description:
    'The classes to read, in the order of their values in masks. Objects of other classes are left out. Default: all, sorted.',
};

/** Counts the objects of each class of a dataset. */
export class ClassCounts {
  /** In the order of their values in masks. */
  readonly names: readonly string[];
  readonly #counts: Map<string, number>;

  /**
   * @param declared The names that the data declares, each once.
   * @param chosen The option `classes`. Throws a `TableError` if it names a class that is not declared.
   */
  constructor(declared: readonly string[], chosen?: readonly string[]) {
    const unknown = chosen?.find((name) => !declared.includes(name));
    if (unknown !== undefined) {
      throw new TableError(
        `The option classes names ${JSON.stringify(unknown)}, which the data does not declare.`,
        `Use names that it declares: ${listSome(declared)}.`,
      );
    }
    this.names = chosen ?? [...declared].sort();
    this.#counts = new Map(this.names.map((name) => [name, 0]));
  }

  /** Counts an object. Returns false if its class was not chosen. */
  add(name: string): boolean {
    const count = this.#counts.get(name);
    if (count === undefined) return false;
    this.#counts.set(name, count + 1);
    return true;
  }

  /** Reports classes without objects, and classes that masks cannot hold. `file` declares the classes. */
  finish(report: Report, file: string, form: string): void {
    const unused = this.names.filter((name) => this.#counts.get(name) === 0);
    if (unused.length > 0) {
      const message = `${unused.length} of ${this.names.length} classes have no object.`;
      annotationFindings.report(report, 'unused-class', () => ({ message, file, value: listSome(unused) }));
    }
    // Tasks of other forms compare the names themselves.
    if (form === 'masks') this.#reportSimilar(report, file);
    if (form === 'masks' && this.names.length > MAX_IN_MASKS) {
      const message = `The data has ${this.names.length} classes, more than the values of a mask.`;
      annotationFindings.report(report, 'too-many-classes', () => ({
        message,
        file,
        expected: `at most ${MAX_IN_MASKS}`,
      }));
    }
  }

  #reportSimilar(report: Report, file: string): void {
    const known = new Map<string, string>();
    for (const name of this.names) {
      const first = known.get(plainOf(name));
      if (first === undefined) known.set(plainOf(name), name);
      else {
        const message = 'Two classes differ only in case or spaces.';
        annotationFindings.report(report, 'similar-class-names', () => ({ message, file, value: `${first}, ${name}` }));
      }
    }
  }
}

/** What is left of a name without case and spaces. */
const plainOf = (name: string): string =>
  name
    .normalize()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');

const MAX_LISTED = 10;

function listSome(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}
