import { parseSqlType, type Report } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { makeFinding } from '../findings/findings.js';
import type { RecordBatch } from '../records/rows.js';
import { type CheckedColumn, type ColumnCheck, copyText } from './column-check.js';

/** The share of values above which the others are doubted. */
const MOST = 0.95;
/** The values after which a column of texts is not examined any more. */
const ENOUGH = 50_000;
/** The most values of a kind that are shown. */
const MAX_EXAMPLES = 5;
/** The most digits of an INT, and of a BIGINT, that certainly fits. */
const INT_DIGITS = 9;
const BIGINT_DIGITS = 18;

const NUMBER = /^\s*[+\-\u2212]?(?:\d+(\.\d*)?|(\.\d+))([eE][+\-\u2212]?\d+)?\s*$/;
/** Matches digits that are a code rather than a number: `007`, `+4930123456`. */
const CODE = /^\s*(?:[+\-\u2212]?0\d|\+\d{7})/;

const checkDate = compileCheck(parseSqlType('DATE'));
const checkDatetime = compileCheck(parseSqlType('DATETIME(6)'));

/** Values of one kind: how many there are, and the first different ones with their rows. */
class Values {
  count = 0;
  readonly examples = new Map<string, number>();

  add(text: string, row: number): void {
    this.count++;
    if (this.examples.size < MAX_EXAMPLES && !this.examples.has(text)) this.examples.set(copyText(text), row);
  }
}

/** Finds a text column in which almost all values are numbers, or almost all are dates. */
export class TypedTextCheck implements ColumnCheck {
  readonly #numbers = new Values();
  readonly #dates = new Values();
  readonly #others = new Values();
  #isWhole = true;
  #digits = 0;
  #hasTimes = false;

  constructor(private readonly column: CheckedColumn) {}

  add({ cells, records }: RecordBatch): 'open' | 'closed' {
    const { from, isMissing } = this.column;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]![from]!;
      if (isShortNumber(cell)) {
        this.#numbers.add(cell, records[index]!.row);
        if (cell.length > this.#digits) this.#digits = cell.length;
        continue;
      }
      if (mayBeTyped(cell.charCodeAt(0))) {
        if (CODE.test(cell)) return 'closed';
        if (this.#addTyped(cell, records[index]!.row)) continue;
      }
      if (!isMissing(cell)) this.#others.add(cell, records[index]!.row);
    }
    const present = this.#present;
    return present > ENOUGH && this.#others.count > present / 2 ? 'closed' : 'open';
  }

  finish(report: Report): void {
    const isMost = ({ count }: Values) => count > MOST * this.#present;
    if (isMost(this.#numbers)) this.#report(report, 'numbers', this.#numbers, [this.#dates, this.#others]);
    else if (isMost(this.#dates)) this.#report(report, 'dates', this.#dates, [this.#numbers, this.#others]);
  }

  get #present(): number {
    return this.#numbers.count + this.#dates.count + this.#others.count;
  }

  /** Returns whether the cell is a number or a date, and counts it then. */
  #addTyped(cell: string, row: number): boolean {
    const number = NUMBER.exec(cell);
    if (number) {
      this.#numbers.add(cell, row);
      this.#isWhole &&= number[1] === undefined && number[2] === undefined && number[3] === undefined;
      if (cell.length > this.#digits) this.#digits = cell.length;
      return true;
    }
    const text = cell.trim();
    const isDate = typeof checkDate(text) === 'string';
    if (!isDate && typeof checkDatetime(text) !== 'string') return false;
    this.#hasTimes ||= !isDate;
    this.#dates.add(cell, row);
    return true;
  }

  #report(report: Report, what: 'numbers' | 'dates', most: Values, others: readonly Values[]): void {
    const { file, name } = this.column;
    const examples = others.flatMap((values) => [...values.examples]).slice(0, MAX_EXAMPLES);
    const [many, all] = [most.count, this.#present].map((count) => count.toLocaleString('en-US'));
    const message = `${many} of ${all} values of the text column are ${what}, but this one is not.`;
    const fix = `If the column has ${what}, declare it ${what === 'dates' ? this.#dateType() : this.#numberType()}, list words that mean a missing value in \`spec.csv_options.na_values\`, and correct other values. If it has texts, leave it.`;
    for (const [value, row] of examples) {
      report.add(makeFinding('mixed-values', { message, file, row, column: name, value, fix }));
    }
  }

  #dateType(): string {
    return this.#hasTimes ? 'DATETIME' : 'DATE';
  }

  #numberType(): string {
    if (!this.#isWhole || this.#digits > BIGINT_DIGITS) return 'DOUBLE';
    return this.#digits > INT_DIGITS ? 'BIGINT' : 'INT';
  }
}

/** Whether a cell is a whole number of few digits, as most numbers are. It costs less than a pattern. */
function isShortNumber(cell: string): boolean {
  const { length } = cell;
  if (length === 0 || length > INT_DIGITS || (length > 1 && cell.charCodeAt(0) === 48)) return false;
  for (let index = 0; index < length; index++) {
    const code = cell.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Whether a number or a date may begin with the UTF-16 code unit: a digit, a sign, a point or white space. */
function mayBeTyped(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46 || code <= 32 || code === 0x2212;
}
