import type { Finding } from '@tracebloc/ingestor-contract';
import { type CellLocation, timeFormat } from '@tracebloc/ingestor-dataset';
import { type TimeSeriesFindingCode, timeSeriesFindings } from './findings.js';

/** A row's timestamp as the table holds it and as it is written. */
type Moment = [value: string, written: string, row: number];

/** The state that a shard hands on: its first and its last timestamp. */
export type PartialTimestamps = [first: Moment, last: Moment];

/** Checks timestamps in the order of their rows. It keeps the timestamp before, and the format of the first. */
export class TimestampCheck {
  /** The start of the run, in the form of the values. */
  readonly #now = new Date().toISOString().slice(0, -1).replace('T', ' ');
  #first: Moment | undefined;
  #previous: Moment | undefined;
  #format: { ofFirst: string | undefined } | undefined;

  constructor(private readonly location: CellLocation) {}

  /** `value` is the timestamp as the table will hold it, `YYYY-MM-DD[ HH:MM:SS[.ffffff]]` in UTC; `written` as the file has it. */
  add(value: string, written: string, row: number): void {
    this.#checkFormat(value, written, row);
    this.#checkOrder(value, written, row);
    if (value <= this.#now) return;
    this.#report('future-timestamp', row, () => ({
      message: 'The timestamp is in the future.',
      value: written,
      expected: `at most ${this.#now.slice(0, -'.000'.length)} UTC`,
    }));
  }

  /** Returns `undefined` when there was no timestamp. */
  partial(): PartialTimestamps | undefined {
    return this.#first && this.#previous && [this.#first, this.#previous];
  }

  /** Adds the timestamps of the next shard, in the order of the shards. */
  merge([first, last]: PartialTimestamps): void {
    const [value, written, row] = first;
    this.#checkFormat(value, written, row);
    this.#checkOrder(value, written, row);
    this.#previous = last;
  }

  addMissing(row: number): void {
    this.#report('missing-timestamp', row, () => ({ message: 'The row has no timestamp.', expected: 'a timestamp' }));
  }

  #checkFormat(value: string, written: string, row: number): void {
    this.#first ??= [value, written, row];
    const [, firstWritten, firstRow] = this.#first;
    this.#format ??= { ofFirst: timeFormat(firstWritten) };
    const [format, expected] = [timeFormat(written), this.#format.ofFirst];
    if (format === expected) return;
    this.#report('mixed-time-format', row, () => ({
      message: `The timestamp is written ${format}, but the first one, in row ${firstRow}, is written ${expected}.`,
      value: written,
      expected,
    }));
  }

  #checkOrder(value: string, written: string, row: number): void {
    const previous = this.#previous;
    this.#previous = [value, written, row];
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

const HOUR = 3_600_000;

/** Returns the fix of a time that comes again because the clocks went back, if it looks like one. */
function endOfSummerTime(value: string, earlier: string, written: string): { fix: string } | undefined {
  const back = Date.parse(`${earlier.replace(' ', 'T')}Z`) - Date.parse(`${value.replace(' ', 'T')}Z`);
  const [, month, hour] = /^\d{4}-(\d\d)-\d\d 0(\d)/.exec(value) ?? [];
  const isNight = hour !== undefined && hour <= '3' && ['03', '04', '09', '10', '11'].includes(month!);
  const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/.test(written.trim());
  if (!isNight || hasOffset || !(back >= 0 && back <= HOUR)) return undefined;
  const fix =
    'If the clocks went back here at the end of summer time, set `spec.csv_options.time_zone`, for example to Europe/Berlin, or write the offset after each time, such as +01:00.';
  return { fix };
}
