import { parseSqlType, type Report } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import type { CellLocation } from '../records/labels.js';
import { SPLIT_FINDINGS } from './findings.js';
import type { Chooser, Plan } from './plan.js';

const checkNumber = compileCheck(parseSqlType('DOUBLE'));
const checkMoment = compileCheck(parseSqlType('DATETIME(6)'));

/** A time in a form that can be compared with others of its kind. */
type Time = number | string;

/**
 * The latest rows are the test set. The rows must be in the order of time, so that none needs to be held. Rows of one
 * time stay together: where the cut would part them, they go to the training set.
 */
export class TimePlan implements Plan {
  #rows = 0;
  #last: Time | undefined;

  constructor(
    private readonly column: number,
    private readonly place: CellLocation,
  ) {}

  take(cells: readonly string[], row: number): void {
    this.#rows++;
    const value = cells[this.column]!;
    const time = readTime(value);
    if (time === undefined || (this.#last !== undefined && typeof time !== typeof this.#last)) {
      this.#report('unreadable-time', 'The value is no time that can be compared.', row, value);
    } else {
      if (this.#last !== undefined && time < this.#last) {
        this.#report('time-not-ascending', 'The time is before the one of the row above.', row, value);
      }
      this.#last = time;
    }
  }

  choose(test: number): Chooser {
    let before = this.#rows - test;
    let last: Time | undefined;
    let isTest = false;
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
    const { report, file, column }: CellLocation & { report: Report } = this.place;
    SPLIT_FINDINGS.report(report, code, () => ({ message, file, row, column, value }));
  }
}

function readTime(text: string): Time | undefined {
  const number = checkNumber(text);
  if (typeof number === 'string') return Number(number);
  const moment = checkMoment(text);
  return typeof moment === 'string' ? moment : undefined;
}
