import type { JsonValue } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';
import type { CellLocation } from '../records/labels.js';
import type { ColumnCheck, FileStyle } from './column-check.js';

/** Matches what is a fraction if the point is the decimal sign, and a whole number if it separates thousands: `2.155`. */
const AMBIGUOUS = /^[+\-\u2212]?[1-9]\d{0,2}\.\d{3}$/;
const INTEGER = /^[+\-\u2212]?\d+$/;
const POINT = /^[+\-\u2212]?\d*\.\d*(?:[eE][+-]?\d+)?$/;
const COMMA = /^[+\-\u2212]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+$/;
const COMMA_GROUPS = /^[+\-\u2212]?[1-9]\d{0,2}(?:,\d{3})+$/;
const POINT_GROUPS = /^[+\-\u2212]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;

/** Matches a number with signs such as those of a currency or a unit. */
const SIGNED = /^[^\d.,]*(\d[\d.,]*)[^\d.,]*$/;

/** How other columns of numbers are declared, and the fix that leaves them as they are. */
export type DeclaredBeside = { hasComma: boolean; fix: string };

/** Finds numbers such as `2.155` of which the column does not show whether the point separates thousands. */
export class NumberStyle implements ColumnCheck {
  #ambiguous = 0;
  #example = '';
  #integers = 0;
  #hasPoint = false;
  #hasComma = false;
  #isText = false;

  /**
   * The arguments say whether the column is declared as one of numbers, and of whole numbers, and how other columns of numbers
   * are declared, if some are.
   */
  constructor(
    private isNumeric: boolean,
    private isWhole = false,
    private beside?: DeclaredBeside,
  ) {
    this.#hasComma = beside?.hasComma ?? false;
  }

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
    else if (this.isNumeric) this.#addSigned(text);
    // In a text column it shows that the values are not numbers.
    else this.#isText = true;
  }

  /** Adds a number beside which other signs stand. An invalid cell has been reported. */
  #addSigned(text: string): void {
    const number = SIGNED.exec(text)?.[1];
    if (number !== undefined && number !== text) this.add(number);
  }

  get style(): FileStyle {
    const isNumber = !this.#isText;
    return { hasComma: isNumber && this.#hasComma, hasPoint: isNumber && this.#hasPoint };
  }

  partial(): JsonValue {
    const { isNumeric, isWhole } = this;
    const seen = [this.#hasPoint, this.#hasComma, this.#isText];
    return [isNumeric, this.#ambiguous, this.#example, this.#integers, ...seen, isWhole, this.beside ?? null];
  }

  merge(partial: JsonValue): void {
    const [isNumeric, ambiguous, example, integers, hasPoint, hasComma, isText, isWhole, beside] = partial as [
      ...[boolean, number, string, number, boolean, boolean, boolean, boolean],
      // Shards of earlier versions did not pass it on.
      (DeclaredBeside | null)?,
    ];
    this.beside = beside ?? undefined;
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
    const fix = this.beside && { fix: this.beside.fix };
    report.add(makeFinding('ambiguous-number', { severity, message, file, column, value, ...fix }));
  }
}
