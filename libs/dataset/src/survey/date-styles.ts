import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from '../checks/cell.js';
import { DATE_OPTIONS, EPOCH_OPTIONS } from '../checks/date-options.js';
import type { Check } from '../checks/problem.js';

const MOMENT = parseSqlType('DATETIME(6)');
const isUsual = compileFormattedCheck(MOMENT, {});
const OPTIONS = [...DATE_OPTIONS, ...EPOCH_OPTIONS].map((option) => ({
  option,
  check: compileFormattedCheck(MOMENT, option),
}));
const EPOCHS: ReadonlySet<ValueFormat> = new Set(EPOCH_OPTIONS);

/** Matches a usual moment, or one that is not in the calendar, which the type of the column shows. */
const USUAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?$/;
/** Matches a date whose day may be first. */
const ORDERED = /^(\d{1,2})([/-])(\d{1,2})[/-]\d{4}/;
/** Names of columns whose large whole numbers are times since 1970. */
export const TIME_NAME = /(^|[^a-z])(timestamp|datetime|date|time|ts|unix|epoch)($|[^a-z])/i;
/** The digits of seconds and milliseconds from 2001 to 2286. */
const EPOCH = /^(?:\d{10}|\d{13})(?:\.\d+)?$/;
const MAX_LENGTH = 40;
/** The number of values with which two options are compared. */
const SAMPLES = 50;

/** Which part of a date such as `01/02/2024` is first: `either` if no value decides. */
export type DateOrder = 'day' | 'month' | 'either';

/** Finds the options with which all values of a column are dates. */
export class DateStyles {
  #fitting = OPTIONS;
  #isUsual = true;
  /** The lengths of moments such as 2024-01-31 08:30. The options that accept one accept all of its length. */
  readonly #lengths = new Set<number>();
  readonly #firsts = new Set<string>();
  readonly #separators = new Set<string>();
  readonly #samples = new Set<string>();
  /** Whether day and month differ somewhere. */
  #hasDifference = false;
  #count = 0;

  constructor(private readonly name: string) {}

  /** Adds a trimmed value. */
  add(text: string): void {
    if (this.#fitting.length === 0) return;
    this.#count++;
    if (this.#lengths.has(text.length) && USUAL.test(text)) return;
    const mayBe = text.length <= MAX_LENGTH && /\d/.test(text) && (!/^[\d.]+$/.test(text) || EPOCH.test(text));
    this.#fitting = mayBe ? this.#fitting.filter(({ check }) => typeof check(text) === 'string') : [];
    this.#isUsual &&= typeof isUsual(text) === 'string';
    if (this.#isUsual && USUAL.test(text)) this.#lengths.add(text.length);
    if (this.#samples.size < SAMPLES) this.#samples.add(text);
    const [, first, separator, second] = ORDERED.exec(text) ?? [];
    // A third of them is not needed to know that they differ.
    if (this.#firsts.size < 2) this.#firsts.add(first ?? '');
    if (separator !== undefined) this.#separators.add(separator);
    if (second !== undefined && second !== first) this.#hasDifference = true;
  }

  /** Whether all values have one of the usual formats. */
  get isUsual(): boolean {
    return this.#isUsual;
  }

  /** Which part is first, if the values are dates such as `01/02/2024`. */
  get order(): DateOrder | undefined {
    if (this.#separators.size === 0) return undefined;
    const [isDay, isMonth] = [true, false].map((dayFirst) =>
      this.#fitting.some(({ option }) => option.dayFirst === dayFirst),
    );
    if (isDay && isMonth) return this.#hasDifference ? 'either' : undefined;
    return isDay ? 'day' : isMonth ? 'month' : undefined;
  }

  /** Whether all values are the first of a month if the day is first; they are all in January if it is not. */
  get isFirstOfMonth(): boolean {
    return this.#firsts.size === 1 && this.#firsts.has('01') && this.#count > 2;
  }

  /** The `date_format` of dates such as `25/12/2024`, if all have the same separator. */
  get dayFormat(): string | undefined {
    const [separator, ...others] = this.#separators;
    return others.length === 0 ? `DD${separator}MM${separator}YYYY` : undefined;
  }

  /** The `date_format` that the column needs, and another one with which some value is another date. */
  get needed(): { format: string; other?: string } | undefined {
    if (this.#isUsual) return undefined;
    const fits = this.#fitting.filter(
      ({ option }) => option.dateFormat !== undefined && (!EPOCHS.has(option) || TIME_NAME.test(this.name)),
    );
    const [first, ...others] = fits;
    if (!first || this.#fitting.some(({ option }) => option.dayFirst !== undefined)) return undefined;
    // The number of digits decides between seconds and milliseconds.
    const isEpoch = EPOCHS.has(first.option);
    const other = isEpoch ? undefined : others.find(({ check }) => this.#differ(first.check, check));
    return { format: first.option.dateFormat!, ...(other && { other: other.option.dateFormat! }) };
  }

  #differ(check: Check, other: Check): boolean {
    return [...this.#samples].some((text) => check(text) !== other(text));
  }
}
