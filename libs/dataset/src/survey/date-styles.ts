import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from '../checks/cell.js';
import { DATE_OPTIONS, EPOCH_OPTIONS } from '../checks/date-options.js';

const MOMENT = parseSqlType('DATETIME(6)');
const isUsual = compileFormattedCheck(MOMENT, {});
const OPTIONS = [...DATE_OPTIONS, ...EPOCH_OPTIONS].map((option) => ({
  option,
  check: compileFormattedCheck(MOMENT, option),
}));
const EPOCHS: ReadonlySet<ValueFormat> = new Set(EPOCH_OPTIONS);

/** Matches a date whose day may be first. */
const ORDERED = /^(\d{1,2})[/-](\d{1,2})[/-]\d{4}/;
/** Names of columns whose large whole numbers are times since 1970. */
const TIME_NAME = /(^|[^a-z])(timestamp|datetime|date|time|ts|unix|epoch)($|[^a-z])/i;
/** The digits of seconds and milliseconds from 2001 to 2286. */
const EPOCH = /^(?:\d{10}|\d{13})(?:\.\d+)?$/;
const MAX_LENGTH = 40;

/** Finds the options with which all values of a column are dates. */
export class DateStyles {
  #fitting = OPTIONS;
  #isUsual = true;
  readonly #firsts = new Set<string>();
  #hasOtherSeconds = false;
  #count = 0;

  constructor(private readonly name: string) {}

  /** Adds a trimmed value. */
  add(text: string): void {
    if (this.#fitting.length === 0) return;
    this.#count++;
    const mayBe = text.length <= MAX_LENGTH && /\d/.test(text) && (!/^[\d.]+$/.test(text) || EPOCH.test(text));
    this.#fitting = mayBe ? this.#fitting.filter(({ check }) => typeof check(text) === 'string') : [];
    this.#isUsual &&= typeof isUsual(text) === 'string';
    const [, first, second] = ORDERED.exec(text) ?? [];
    // A third of them is not needed to know that they differ.
    if (this.#firsts.size < 2) this.#firsts.add(first ?? '');
    if (second !== undefined && second !== first) this.#hasOtherSeconds = true;
  }

  /** The option that the column needs, and whether another one with another result fits too. */
  get needed(): { option: ValueFormat; isSure: boolean } | undefined {
    const fits = this.#fitting
      .map(({ option }) => option)
      .filter((option) => !EPOCHS.has(option) || TIME_NAME.test(this.name));
    if (fits.length === 0) return undefined;
    if (!this.#isUsual) return { option: fits[0]!, isSure: fits.length === 1 || fits[1]!.dayFirst === undefined };
    // The first of every month is likelier than the first days of one January.
    const isFirstOfMonth =
      this.#firsts.size === 1 && this.#firsts.has('01') && this.#hasOtherSeconds && this.#count > 2;
    return isFirstOfMonth ? { option: { dayFirst: true }, isSure: false } : undefined;
  }
}
