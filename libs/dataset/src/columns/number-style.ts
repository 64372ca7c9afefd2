import type { JsonValue } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck, FileStyle } from './column-check.js';

/** Matches what is a fraction if the point is the decimal sign, and a whole number if it separates thousands: `2.155`. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;
const INTEGER = /^[+-]?\d+$/;
const POINT = /^[+-]?\d*\.\d*(?:[eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+$/;
const COMMA_GROUPS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+$/;
const POINT_GROUPS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;

/** Finds numbers such as `2.155` of which the column does not show whether the point separates thousands. */
export class NumberStyle implements ColumnCheck {
  #ambiguous = 0;
  #example = '';
  #integers = 0;
  #hasPoint = false;
  #hasComma = false;
  #isText = false;

  /** The arguments say whether the column is declared as one of numbers, and of whole numbers. */
  constructor(
    private isNumeric: boolean,
    private isWhole = false,
  ) {}

  get isDone(): boolean {
    return this.#isText || (this.isNumeric && this.#hasPoint);
  }

  add(cell: string): void {
    if (INTEGER.test(cell)) {
      this.#integers++;
      return;
    }
    const text = cell.trim();
    if (INTEGER.test(text)) this.#integers++;
    else if (AMBIGUOUS.test(text)) {
      if (this.#ambiguous++ === 0) this.#example = text;
    } else if (POINT.test(text)) this.#hasPoint = true;
    else if (POINT_GROUPS.test(text)) this.#hasComma = true;
    else if (COMMA.test(text)) this.#hasComma ||= !COMMA_GROUPS.test(text);
    // An invalid cell of numbers has been reported; in a text column it shows that they are not numbers.
    else if (!this.isNumeric) this.#isText = true;
  }

  get style(): FileStyle {
    const isNumber = !this.#isText;
    return { hasComma: isNumber && this.#hasComma, hasPoint: isNumber && this.#hasPoint };
  }

  partial(): JsonValue {
    const { isNumeric, isWhole } = this;
    const seen = [this.#hasPoint, this.#hasComma, this.#isText];
    return [isNumeric, this.#ambiguous, this.#example, this.#integers, ...seen, isWhole];
  }

  merge(partial: JsonValue): void {
    const [isNumeric, ambiguous, example, integers, hasPoint, hasComma, isText, isWhole] = partial as [
      ...[boolean, number, string, number, boolean, boolean, boolean, boolean],
    ];
    this.isNumeric = isNumeric;
    this.isWhole = isWhole;
    if (this.#ambiguous === 0) this.#example = example;
    this.#ambiguous += ambiguous;
    this.#integers += integers;
    this.#hasPoint ||= hasPoint;
    this.#hasComma ||= hasComma;
    this.#isText ||= isText;
  }

  finish({ report, file, column }: CellLocation, { hasComma, hasPoint }: FileStyle): void {
    if (!this.isNumeric || this.#ambiguous === 0 || this.#hasPoint) return;
    const isSuspect = !hasPoint && (this.#integers > 0 || this.isWhole);
    if (!hasComma && !isSuspect) return;
    const value = this.#example;
    const why = hasComma
      ? 'Other numbers of the file are written with a decimal comma.'
      : 'The column holds whole numbers.';
    const message = `${value} may be ${value} or ${value.replace('.', '')}, and no value of the column decides. ${why}`;
    const severity = hasComma ? 'error' : 'warning';
    report.add(makeFinding('ambiguous-number', { severity, message, file, column, value }));
  }
}
