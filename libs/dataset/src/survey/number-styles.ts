import { compileNumberFormat, currencyOf, NUMBER_STYLES, oddNegative } from '../checks/number-format.js';

/** The most currency signs of a column. */
const MAX_CURRENCIES = 3;
/** Longer texts are not numbers of a file that people wrote. */
const MAX_LENGTH = 60;

const STYLES = NUMBER_STYLES.map((style) => compileNumberFormat(style)!);
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
/** Matches numbers with a decimal point that cannot be one between thousands. */
const PLAIN = /^-?(?:0|[1-9]\d*)\.(?:\d{1,2}|\d{4,})$/;
const CODE = /^[+-]?0\d|^\+\d{7}/;

/** Finds the ways of writing numbers that accept all values of a column. */
export class NumberStyles {
  #fitting: readonly number[] = STYLES.map((_, index) => index);
  readonly currencies = new Set<string>();
  /** Whether a number such as 1.25 was added: the styles that accept it accept all numbers like it. */
  #hasPlain = false;
  #hasOdd = false;
  hasPercent = false;
  /** Whether some number other than 0 has no percent sign. */
  hasBare = false;

  /** Indices in `NUMBER_STYLES`; none if the column is not one of numbers. */
  get fitting(): readonly number[] {
    return this.#hasOdd ? [] : this.#fitting;
  }

  /** Whether the values are numbers, but for negative ones that no option reads. */
  get isOdd(): boolean {
    return this.#hasOdd && this.#fitting.length > 0;
  }

  /** Adds a trimmed value. */
  add(text: string): void {
    if (this.#fitting.length === 0) return;
    if (!this.hasBare) this.hasBare = !text.endsWith('%') && text !== '0';
    if (INTEGER.test(text) || (this.#hasPlain && PLAIN.test(text))) return;
    this.#hasPlain ||= PLAIN.test(text);
    const odd = text.length > MAX_LENGTH ? undefined : oddNegative(text);
    if (odd !== undefined) this.#hasOdd = true;
    const bare = text.length > MAX_LENGTH || CODE.test(text) ? undefined : this.#withoutSigns(odd ?? text);
    this.#fitting = bare === undefined ? [] : this.#fitting.filter((index) => STYLES[index]!(bare) !== undefined);
  }

  #withoutSigns(text: string): string | undefined {
    let bare = text;
    if (bare.endsWith('%')) {
      this.hasPercent = true;
      bare = bare.slice(0, -1).trimEnd();
    }
    const currency = currencyOf(bare);
    if (currency === undefined) return bare;
    this.currencies.add(currency);
    return this.currencies.size > MAX_CURRENCIES
      ? undefined
      : bare
          .replace(currency, '')
          .replace(/^([+-]?)\s+/, '$1')
          .trimEnd();
  }
}
