import type { Report } from '@tracebloc/ingestor-contract';
import type { CellLocation } from '../records/labels.js';
import { SPLIT_FINDINGS } from './findings.js';
import type { Chooser, Plan } from './plan.js';
import type { Time } from './values.js';

/**
 * Takes the latest rows as the test set. The rows must be in order of time, so that none has to be kept in memory. Rows with
 * the same time stay together: if the cut falls between them, they all go to the training set.
 */
export class TimePlan implements Plan {
  #rows = 0;
  #last: Time | undefined;
  readonly #readTime;

  /** `compile` returns a function that reads the times in the order of the rows, from the first one on. */
  constructor(
    private readonly column: number,
    private readonly compile: () => (text: string) => Time | undefined,
    private readonly location: CellLocation,
  ) {
    this.#readTime = compile();
  }

  add(cells: readonly string[], row: number): void {
    this.#rows++;
    const value = cells[this.column]!;
    const time = this.#readTime(value);
    if (time === undefined || (this.#last !== undefined && typeof time !== typeof this.#last)) {
      this.#report('unreadable-time', 'The value is not a time that can be compared with the others.', row, value);
    } else {
      if (this.#last !== undefined && time < this.#last) {
        this.#report('time-not-ascending', 'The time is earlier than that of the row above.', row, value);
      }
      this.#last = time;
    }
  }

  choose(test: number): Chooser {
    let before = this.#rows - test;
    let last: Time | undefined;
    let isTest = false;
    const readTime = this.compile();
    return {
      isTest: (cells) => {
        if (isTest) return true;
        const time = readTime(cells[this.column]!);
        isTest = before-- <= 0 && time !== last;
        last = time;
        return isTest;
      },
    };
  }

  #report(code: 'unreadable-time' | 'time-not-ascending', message: string, row: number, value: string): void {
    const { report, file, column }: CellLocation & { report: Report } = this.location;
    SPLIT_FINDINGS.report(report, code, () => ({ message, file, row, column, value }));
  }
}
