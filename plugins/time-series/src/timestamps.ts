import type { Finding, ValueFormat } from '@tracebloc/ingestor-contract';
import { type CellLocation, timeFormat } from '@tracebloc/ingestor-dataset';
import { type TimeSeriesFindingCode, timeSeriesFindings } from './findings.js';
import { Steps, type StepsState, describeStep } from './steps.js';

/**
 * A row's timestamp as the table holds it and as it is written, and its format. The format is `null` if the options of the
 * file decide it.
 */
type Moment = [value: string, written: string, row: number, format: string | null];

/** The state that a shard hands on: its first and its last timestamp, and its steps. Earlier versions passed on no steps. */
export type PartialTimestamps = [first: Moment, last: Moment, steps: StepsState | null];

/** Checks timestamps in the order of their rows. It keeps the timestamp before, the format of the first, and the steps. */
export class TimestampCheck {
  /** The start of the run, in the form of the values. */
  readonly #now = new Date().toISOString().slice(0, -1).replace('T', ' ');
  #first: Moment | undefined;
  #previous: Moment | undefined;
  /** Is absent if a shard passed on none. */
  #steps: Steps | undefined = new Steps();
  readonly #formatOf: (written: string) => string | null;

  /** `options` are those of the file, with which the timestamps were read. */
  constructor(
    private readonly location: CellLocation,
    options: ValueFormat = {},
  ) {
    this.#formatOf = compileFormatOf(options);
  }

  /** `value` is the timestamp as the table will hold it, `YYYY-MM-DD[ HH:MM:SS[.ffffff]]` in UTC; `written` as the file has it. */
  add(value: string, written: string, row: number): void {
    this.#checkFormat([value, written, row, this.#formatOf(written)]);
    this.#checkOrder(value, written, row);
    this.#steps?.add(value, row);
    if (value <= this.#now) return;
    this.#report('future-timestamp', row, () => ({
      message: 'The timestamp is in the future.',
      value: written,
      expected: `at most ${this.#now.slice(0, -'.000'.length)} UTC`,
    }));
  }

  /** Returns `undefined` when there was no timestamp. */
  partial(): PartialTimestamps | undefined {
    const steps = this.#steps?.state();
    return this.#first && this.#previous && [this.#first, this.#previous, steps ?? null];
  }

  /** Adds the timestamps of the next shard, in the order of the shards. */
  merge([first, last, steps]: PartialTimestamps): void {
    // Shards of earlier versions passed on no format.
    const [value, written, row, format] = first as [string, string, number, (string | null)?];
    this.#checkFormat([value, written, row, format === undefined ? (timeFormat(written) ?? null) : format]);
    this.#checkOrder(value, written, row);
    this.#previous = last;
    if (steps) this.#steps?.merge(steps);
    else this.#steps = undefined;
  }

  /** Tells the frequency of all timestamps, and reports gaps. Is called after the last one of the series. */
  finish(): void {
    const steps = this.#steps;
    if (!steps?.isJudged) return;
    const { report } = this.location;
    const frequency = steps.frequency();
    if (!frequency) {
      report.note?.('The times between rows differ: the series has no frequency.');
      return;
    }
    const step = describeStep(frequency);
    const { gaps, missing, longest } = frequency;
    if (!longest) {
      report.note?.(`The series has a row ${step}, without gaps.`);
      return;
    }
    const [from, to, row] = longest;
    const where = gaps === 1 ? '1 gap' : `${gaps.toLocaleString('en-US')} gaps; the longest is reported`;
    const rows = missing === 1 ? '1 row is' : `${missing.toLocaleString('en-US')} rows are`;
    this.#report('time-gaps', row, () => ({
      message: `The series has a row ${step}, but ${rows} missing, in ${where}.`,
      value: `from ${from} to ${to}`,
      expected: `a row ${step}`,
    }));
  }

  addMissing(row: number): void {
    this.#report('missing-timestamp', row, () => ({ message: 'The row has no timestamp.', expected: 'a timestamp' }));
  }

  #checkFormat(moment: Moment): void {
    this.#first ??= moment;
    const [, , firstRow, expected] = this.#first;
    const [, written, row, format] = moment;
    // One that the options decide was read by them, as the first was.
    if (format === expected || format === null || expected === null) return;
    this.#report('mixed-time-format', row, () => ({
      message: `The timestamp is written ${format}, but the first one, in row ${firstRow}, is written ${expected}.`,
      value: written,
      expected,
    }));
  }

  #checkOrder(value: string, written: string, row: number): void {
    const previous = this.#previous;
    this.#previous = [value, written, row, null];
    // The values have one form, so comparing texts compares moments.
    if (previous === undefined || value > previous[0]) return;
    const [earlier, , earlierRow] = previous;
    if (value === earlier) {
      this.#report('repeated-timestamp', row, () => ({
        message: `The timestamp is the same as in row ${earlierRow}.`,
        value: written,
        expected: `a later moment than in row ${earlierRow}`,
        ...endOfSummerTime(value, earlier, written),
      }));
    } else {
      this.#report('unordered-timestamp', row, () => ({
        message: `The timestamp is earlier than the one before it, in row ${earlierRow}.`,
        value: written,
        expected: `no earlier moment than in row ${earlierRow}`,
        ...endOfSummerTime(value, earlier, written),
      }));
    }
  }

  #report(
    code: TimeSeriesFindingCode,
    row: number,
    details: () => Pick<Finding, 'message' | 'value' | 'expected'> & { fix?: string },
  ): void {
    const { report, file, column } = this.location;
    timeSeriesFindings.report(report, code, () => ({ ...details(), file, row, column }));
  }
}

/** Returns a function that returns the format of a timestamp, or `null` if the options of the file decide it. */
function compileFormatOf({ dateFormat, dayFirst }: ValueFormat): (written: string) => string | null {
  if (dateFormat !== undefined) return () => null;
  return (written) => {
    const format = timeFormat(written) ?? null;
    return dayFirst ? (format?.replace('MM/DD/YYYY', 'DD/MM/YYYY') ?? null) : format;
  };
}

const HOUR = 3_600_000;

/** Returns the fix of a time that comes again because the clocks went back, if it looks like one. */
function endOfSummerTime(value: string, earlier: string, written: string): { fix: string } | undefined {
  const back = Date.parse(`${earlier.replace(' ', 'T')}Z`) - Date.parse(`${value.replace(' ', 'T')}Z`);
  const [, month, hour] = /^\d{4}-(\d\d)-\d\d 0(\d)/.exec(value) ?? [];
  const isNight = hour !== undefined && hour <= '3' && ['03', '04', '09', '10', '11'].includes(month!);
  const hasOffset = /:.*(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/.test(written.trim());
  if (!isNight || hasOffset || !(back >= 0 && back <= HOUR)) return undefined;
  const zone = month === '11' ? 'America/New_York' : hour === '1' ? 'Europe/London' : 'Europe/Berlin';
  const fix = `If the clocks went back here at the end of summer time, name the time zone, for example \`spec.csv_options.time_zone: ${zone}\`, or write the offset after each time, such as +01:00.`;
  return { fix };
}
