import { parseSqlType, type Report } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import type { CellLocation } from '../records/labels.js';
import { SPLIT_FINDINGS } from './findings.js';
import type { Chooser, Plan } from './plan.js';

const checkNumber = compileCheck(parseSqlType('DOUBLE'));
const checkMoment = compileCheck(parseSqlType('DATETIME(6)'));

/** A time that can be compared with others of the same type. */
type Time = number | string;

/**
 * Takes the latest rows as the test set. The rows must be in order of time, so that none has to be kept in memory. Rows with
 * the same time stay together: if the cut falls between them, they all go to the training set.
 */
export class TimePlan implements Plan {
  #rows = 0;
  #last: Time | undefined;

  constructor(
    private readonly column: number,
    private readonly location: CellLocation,
  ) {}

  add(cells: readonly string[], row: number): void {
    this.#rows++;
    const value = cells[this.column]!;
    const time = readTime(value);
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

function readTime(text: string): Time | undefined {
  const number = checkNumber(text);
  if (typeof number === 'string') return Number(number);
  const moment = checkMoment(text);
  return typeof moment === 'string' ? moment : undefined;
}
