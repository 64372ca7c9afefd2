import { compileNumberFormat, currencyOf, NUMBER_STYLES } from '../checks/number-format.js';
import { type NegativeSign, oddNegative } from '../checks/negative.js';
import { unitOf } from '../checks/unit.js';

/** The most currency signs of a column. */
const MAX_CURRENCIES = 3;
/** Longer texts are not numbers of a file that people wrote. */
const MAX_LENGTH = 60;

const STYLES = NUMBER_STYLES.map((style) => compileNumberFormat(style)!);
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
/** Matches numbers with a decimal point that cannot be one between thousands. */
const PLAIN = /^-?(?:0|[1-9]\d*)\.(?:\d{1,2}|\d{4,})$/;
const CODE = /^[+\-\u2212]?0\d|^\+\d{7}/;

/** Finds the ways of writing numbers that accept all values of a column. */
export class NumberStyles {
  #fitting: readonly number[] = STYLES.map((_, index) => index);
  readonly currencies = new Set<string>();
  /** How negative numbers without a minus sign before them are written. */
  readonly #negatives = new Set<NegativeSign>();
  readonly #units = new Set<string>();
  /** Whether some number other than 0 has no unit. */
  #isUnitless = false;
  /** Whether a number such as 1.25 was added: the styles that accept it accept all numbers like it. */
  #hasPlain = false;
  /** Whether some number has a sign of its decimals or thousands. */
  #hasMark = false;
  /** Whether some number is positive or has a usual minus sign. */
  #hasUsual = false;
  /** Whether some number with an unusual sign is one of several digits, as amounts are and grades are not. */
  #hasOddAmount = false;
  /** Whether some number with an unusual sign has decimals, thousands or a currency. */
  hasOddMoney = false;
  hasPercent = false;
  /** Whether some number other than 0 has no percent sign. */
  hasBare = false;

  /** Indices in `NUMBER_STYLES`; none if the column is not one of numbers. */
  get fitting(): readonly number[] {
    const isNumber = this.#hasOneUnit && (this.#negatives.size === 0 || this.negative !== undefined);
    return isNumber ? this.#fitting : [];
  }

  /** How negative numbers are written, if not with a minus sign; `undefined` if they are in doubt. */
  get negative(): NegativeSign | undefined {
    const [kind, other] = this.#negatives;
    if (other !== undefined || !this.#hasUsual) return undefined;
    return kind === 'trailing' && !this.#hasOddAmount ? undefined : kind;
  }

  /** The unit that all numbers but 0 have. */
  get unit(): string | undefined {
    return this.#hasOneUnit ? [...this.#units][0] : undefined;
  }

  /** Whether all numbers have the same unit, or none. */
  get #hasOneUnit(): boolean {
    return this.#units.size === 0 || (this.#units.size === 1 && !this.#isUnitless);
  }

  /** Whether the values are numbers, but for signs of which it is in doubt whether they mean negative ones. */
  get isOdd(): boolean {
    return this.#negatives.size > 0 && this.negative === undefined && this.#fitting.length > 0 && this.#hasOneUnit;
  }

  /** Whether no value decides between the point and the comma as the decimal sign. */
  get isOpen(): boolean {
    return this.#hasMark && new Set(this.fitting.map((index) => NUMBER_STYLES[index]!.decimal)).size > 1;
  }

  /** Adds a trimmed value. */
  add(text: string): void {
    if (this.#fitting.length === 0) return;
    if (!this.hasBare) this.hasBare = !text.includes('%') && text !== '0';
    if (INTEGER.test(text) || (this.#hasPlain && PLAIN.test(text))) {
      this.#hasUsual = true;
      this.#isUnitless ||= text !== '0';
      return;
    }
    this.#hasPlain ||= PLAIN.test(text);
    const odd = text.length > MAX_LENGTH ? undefined : oddNegative(text);
    const magnitude = odd?.magnitude ?? text;
    const bare = text.length > MAX_LENGTH || CODE.test(magnitude) ? undefined : this.#withoutSigns(magnitude);
    this.#hasMark ||= bare !== undefined && /[.,]/.test(bare);
    if (!odd) this.#hasUsual = true;
    else {
      this.#negatives.add(odd.kind);
      this.#hasOddAmount ||= /\d\D*\d/.test(magnitude);
      this.hasOddMoney ||= /\D/.test(magnitude);
    }
    this.#fitting = bare === undefined ? [] : this.#fitting.filter((index) => STYLES[index]!(bare) !== undefined);
  }

  #withoutSigns(text: string): string | undefined {
    let bare = text;
    if (bare.endsWith('%')) {
      this.hasPercent = true;
      bare = bare.slice(0, -1).trimEnd();
    }
    const currency = currencyOf(bare);
    const unit = currency === undefined ? unitOf(bare) : undefined;
    if (unit === undefined) this.#isUnitless = true;
    else this.#units.add(unit);
    if (unit !== undefined) return this.#hasOneUnit ? bare.slice(0, -unit.length).trimEnd() : undefined;
    if (currency === undefined) return bare;
    this.currencies.add(currency);
    return this.currencies.size > MAX_CURRENCIES
      ? undefined
      : bare
          .replace(currency, '')
          .replace(/^([+\-\u2212]?)\s+/, '$1')
          .trimEnd();
  }
}
