import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from '../checks/cell.js';
import { DATE_OPTIONS, EPOCH_OPTIONS, LANGUAGE_OPTIONS, SERIAL_OPTION } from '../checks/date-options.js';
import type { Check } from '../checks/problem.js';

const MOMENT = parseSqlType('DATETIME(6)');
const isUsual = compileFormattedCheck(MOMENT, {});
const compileOptions = (options: readonly ValueFormat[]) =>
  options.map((option) => ({ option, check: compileFormattedCheck(MOMENT, option) }));
const OPTIONS = compileOptions(DATE_OPTIONS);
const EPOCH_CHECKS = compileOptions(EPOCH_OPTIONS);
const SERIAL_CHECKS = compileOptions([SERIAL_OPTION]);
/** Most tables have no names of months in other languages, which take time to compile. */
const languageChecks = once(() => compileOptions(LANGUAGE_OPTIONS));

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Matches a usual moment, or one that is not in the calendar, which the type of the column shows. */
const USUAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?$/;
/** Matches a date whose day may be first. */
const ORDERED = /^(\d{1,2})([/-])(\d{1,2})[/-]\d{4}/;
/** Names of columns whose large whole numbers are times since 1970. */
export const TIME_NAME = /(^|[^a-z])(timestamp|datetime|date|time|when|zeit|ts|unix|epoch)($|[^a-z])/i;
/** Names of columns whose numbers of five digits are days of spreadsheets. Times of day and durations may be as large. */
const DATE_NAME = /(^|[^a-z])(timestamp|datetime|date|datum|fecha)($|[^a-z])|[a-z](Date|Datum|Fecha)($|[^a-z])/;
/** The digits of the days from 1954 to 2119. */
const SERIAL = /^[2-7]\d{4}(?:\.\d+)?$/;
/** The digits of seconds and milliseconds from 2001 to 2286. */
const EPOCH = /^(?:\d{10}|\d{13})(?:\.\d+)?$/;
/** The digits of numbers that are dates, by their option. Other dates are no numbers. */
const NUMBERS: ReadonlyMap<ValueFormat, RegExp> = new Map([
  ...EPOCH_OPTIONS.map((option) => [option, EPOCH] as const),
  [SERIAL_OPTION, SERIAL],
]);
const NUMBER = /^\d*\.?\d*$/;
/** Matches three numbers such as those of a version. A date in this form has two digits each, or is in a column named as one. */
const VERSION = /^(?!\d\d\.\d\d\.\d\d$)\d{1,2}\.\d{1,2}\.\d{1,2}$/;
/** Matches what may be a date with the name of a month. */
const NAMED =
  /^(?:\d{1,2}(?:er|º|\.)?[\s./-]+(?:de )?)?\p{L}[\p{L}\p{M}]{2,}\.?[\s./,-]+(?:de )?(?:\d{1,2}, ?)?\d\d(?:\d\d)?(?:[T ]\d.*)?$/u;
/** The format of dates that look like versions, which are only told. Days and months may have one digit. */
const DOTTED = 'DD.MM.YY';
const isDotted = compileFormattedCheck(MOMENT, { dateFormat: DOTTED });
/** The fewest values that may be dates although they look like versions. */
const MIN_DOTTED = 3;
const MAX_LENGTH = 40;
/** The number of values with which two options are compared. */
const SAMPLES = 50;

/** Which part of a date such as `01/02/2024` is first: `either` if no value decides. */
export type DateOrder = 'day' | 'month' | 'either';

/** The options that a column of dates needs. */
export interface NeededFormat {
  format: string;
  /** The language of its names of months, if it is not English, and others that all values fit as well. */
  language?: string;
  alike?: readonly string[];
  /** Another format with which some value is another date. */
  other?: string;
}

/** Finds the options with which all values of a column are dates. */
export class DateStyles {
  #fitting: typeof OPTIONS;
  /** The options in other languages than English that fit; none if the first value has no name. */
  #languages: typeof OPTIONS = [];
  #isUsual = true;
  /** The lengths of moments such as 2024-01-31 08:30. The options that accept one accept all of its length. */
  readonly #lengths = new Set<number>();
  readonly #firsts = new Set<string>();
  readonly #separators = new Set<string>();
  readonly #samples = new Set<string>();
  /** Whether day and month differ somewhere. */
  #hasDifference = false;
  #count = 0;
  /** The number of values so far that may be versions or dates, or -1 after another value. */
  #dotted = 0;
  /** Whether the name of the column says that its values are dates. */
  readonly #isNamed: boolean;

  constructor(name: string) {
    const isDate = DATE_NAME.test(name) || DATE_NAME.test(name.toLowerCase());
    this.#isNamed = isDate;
    const epochs = TIME_NAME.test(name) ? EPOCH_CHECKS : [];
    this.#fitting = [...OPTIONS, ...epochs, ...(isDate ? SERIAL_CHECKS : [])];
  }

  /** Adds a trimmed value. */
  add(text: string): void {
    if (this.#dotted >= 0) this.#dotted = typeof isDotted(text) === 'string' ? this.#dotted + 1 : -1;
    if (this.#fitting.length + this.#languages.length === 0) return;
    this.#count++;
    if (this.#lengths.has(text.length) && USUAL.test(text)) return;
    const mayBe = text.length <= MAX_LENGTH && /\d/.test(text) && (this.#isNamed || !VERSION.test(text));
    const isNumber = NUMBER.test(text);
    if (this.#count === 1 && mayBe && NAMED.test(text)) this.#languages = languageChecks();
    if (this.#languages.length > 0) {
      this.#languages = mayBe ? this.#languages.filter(({ check }) => typeof check(text) === 'string') : [];
    }
    const fits = ({ option, check }: (typeof OPTIONS)[number]) =>
      (isNumber ? NUMBERS.get(option)?.test(text) === true : true) && typeof check(text) === 'string';
    this.#fitting = mayBe ? this.#fitting.filter(fits) : [];
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

  /** The format with which all values are dates, if they may as well be versions. */
  get dottedFormat(): string | undefined {
    return this.#dotted >= MIN_DOTTED && this.#fitting.length === 0 ? DOTTED : undefined;
  }

  /** The options that the column needs, and others with which some value is another date. */
  get needed(): NeededFormat | undefined {
    if (this.#isUsual) return undefined;
    const fits = this.#fitting.filter(({ option }) => option.dateFormat !== undefined);
    const [first, ...others] = this.#fitting.length > 0 ? fits : this.#languages;
    if (!first || this.#fitting.some(({ option }) => option.dayFirst !== undefined)) return undefined;
    const { dateFormat, dateLanguage } = first.option;
    // The number of digits decides between seconds and milliseconds.
    const isEpoch = NUMBERS.has(first.option);
    const other = isEpoch ? undefined : others.find(({ check }) => this.#differ(first.check, check))?.option;
    const languages = new Set(others.map(({ option }) => option.dateLanguage).filter((one) => one !== dateLanguage));
    return {
      format: dateFormat!,
      ...(other && { other: [other.dateFormat, other.dateLanguage].filter((one) => one !== undefined).join(' in ') }),
      ...(dateLanguage !== undefined && { language: dateLanguage, alike: [...languages].map(String) }),
    };
  }

  #differ(check: Check, other: Check): boolean {
    return [...this.#samples].some((text) => check(text) !== other(text));
  }
}
