import type { IngestorError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';

/** Decides in the second pass to which side each row goes. It is called once for each row, in order. */
export interface Chooser {
  isTest(cells: readonly string[]): boolean;
}

/** A way to split. It sees every row in a first pass. */
export interface Plan {
  add(cells: readonly string[], row: number): void;
  /** Is called after the last row. `test` is the number of rows that are wanted in the test set. */
  choose(test: number): Chooser | Promise<Chooser>;
}

/** The most classes. A column with more distinct values is not a label of classes. */
const MAX_CLASSES = 10_000;

/** A column of the manifest, and how its cells are read. */
export interface ReadColumn {
  index: number;
  /** Returns one text for each value; an empty text is a missing value. */
  read: (text: string) => string;
}

/** The classes of a label column, numbered in the order of their first rows. Without a column there is one class. */
export class Classes {
  readonly #indices = new Map<string, number>();

  constructor(private readonly column: ReadColumn | undefined) {}

  /** Throws an `IngestorError` if the column has too many classes. */
  indexOf(cells: readonly string[]): number {
    const name = this.column === undefined ? '' : this.column.read(cells[this.column.index]!);
    let index = this.#indices.get(name);
    if (index === undefined) {
      index = this.#indices.size;
      if (index === MAX_CLASSES) throw tooMany();
      this.#indices.set(name, index);
    }
    return index;
  }
}

function tooMany(): IngestorError {
  return DATASET_ERRORS.make('too-many-classes', {
    message: `The label column has more than ${MAX_CLASSES} distinct values, too many to keep them in proportion.`,
    fix: 'Name a column of classes with --label, or omit --label for a plain random split.',
  });
}
