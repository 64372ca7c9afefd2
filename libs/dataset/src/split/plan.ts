import type { IngestorError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';

/** Decides, in the second pass, to which side each row goes. Is asked once for each row, in order. */
export interface Chooser {
  isTest(cells: readonly string[]): boolean;
}

/** A way to split: gets to know every row in a first pass. */
export interface Plan {
  take(cells: readonly string[], row: number): void;
  /** After the last row; `test` rows are wanted in the test set. */
  choose(test: number): Chooser | Promise<Chooser>;
}

/** Most classes that can be kept apart: a column with more is no label of classes. */
const MAX_CLASSES = 10_000;

/** The classes of a label column, numbered in the order of their first rows; without a column there is one. */
export class Classes {
  readonly #indices = new Map<string, number>();

  constructor(private readonly column: number | undefined) {}

  /** Throws an `IngestorError` where the column has too many. */
  indexOf(cells: readonly string[]): number {
    const name = this.column === undefined ? '' : cells[this.column]!.trim();
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
    message: `The label column has more than ${MAX_CLASSES} distinct values, so that its rows cannot be kept in proportion.`,
    fix: 'Name a column of classes with --label, or leave it out for a plain random split.',
  });
}
