import type { Finding } from '@tracebloc/ingestor-contract';
import { type CellPlace, timeFormat } from '@tracebloc/ingestor-dataset';
import { type TimeSeriesFindingCode, timeSeriesFindings } from './findings.js';

/** Checks timestamps in the order of their rows. Keeps the row before, and the format of the first. */
export class TimestampCheck {
  /** The start of the run, in the form of the values. */
  readonly #now = new Date().toISOString().slice(0, -1).replace('T', ' ');
  #first: { format: string | undefined; row: number } | undefined;
  #previous: { value: string; row: number } | undefined;

  constructor(private readonly place: CellPlace) {}

  /** Takes a timestamp as the table will hold it, `YYYY-MM-DD[ HH:MM:SS[.ffffff]]` in UTC, and as it is written. */
  add(value: string, written: string, row: number): void {
    this.#checkFormat(written, row);
    this.#checkOrder(value, written, row);
    if (value <= this.#now) return;
    this.#report('future-timestamp', row, () => ({
      message: 'The timestamp lies in the future.',
      value: written,
      expected: `at most ${this.#now.slice(0, -'.000'.length)} UTC`,
    }));
  }

  addMissing(row: number): void {
    this.#report('missing-timestamp', row, () => ({ message: 'The row has no timestamp.', expected: 'a timestamp' }));
  }

  #checkFormat(written: string, row: number): void {
    const format = timeFormat(written);
    this.#first ??= { format, row };
    const first = this.#first;
    if (format === first.format) return;
    this.#report('mixed-time-format', row, () => ({
      message: `The timestamp is written ${format}, but the first one, in row ${first.row}, ${first.format}.`,
      value: written,
      expected: first.format,
    }));
  }

  #checkOrder(value: string, written: string, row: number): void {
    const previous = this.#previous;
    this.#previous = { value, row };
    // The values are of one form, and so in the order of their texts.
    if (previous === undefined || value > previous.value) return;
    if (value === previous.value) {
      this.#report('repeated-timestamp', row, () => ({
        message: `The timestamp is the same as in row ${previous.row}.`,
        value: written,
        expected: `a later moment than in row ${previous.row}`,
      }));
    } else {
      this.#report('unordered-timestamp', row, () => ({
        message: `The timestamp is earlier than the one before it, in row ${previous.row}.`,
        value: written,
        expected: `no earlier moment than in row ${previous.row}`,
      }));
    }
  }

  #report(
    code: TimeSeriesFindingCode,
    row: number,
    details: () => Pick<Finding, 'message' | 'value' | 'expected'>,
  ): void {
    const { report, file, column } = this.place;
    timeSeriesFindings.report(report, code, () => ({ ...details(), file, row, column }));
  }
}
