import type { JsonValue, Report } from '@tracebloc/ingestor-contract';
import { isLongerThan } from '../checks/text.js';
import { makeFinding, reportFinding } from '../findings/findings.js';

/** The length in characters of the table's `label` and `data_id` columns. */
const MAX_LENGTH = 255;

/** Where a finding about a cell goes, and what it names. */
export interface CellLocation {
  report: Report;
  file: string;
  column: string;
}

/** Returns the trimmed label of a row, or `null` with a warning if it is missing. Reports a label that is too long. */
export function readLabel(
  text: string,
  row: number,
  isMissing: (text: string) => boolean,
  { report, file, column }: CellLocation,
): string | null {
  if (isMissing(text)) {
    reportFinding(report, 'missing-label', () => ({ message: 'The row has no label.', file, row, column }));
    return null;
  }
  const label = text.trim();
  if (isLongerThan(label, MAX_LENGTH)) {
    reportFinding(report, 'label-too-long', () => ({ ...tooLong('The label'), file, row, column, value: label }));
  }
  return label;
}

/** Returns the trimmed value for a row's `data_id`. Reports a value that is missing (then it is `null`) or too long. */
export function readKey(
  text: string,
  row: number,
  isMissing: (text: string) => boolean,
  { report, file, column }: CellLocation,
): string | null {
  const key = text.trim();
  if (isMissing(text)) {
    reportFinding(report, 'missing-key', () => ({ message: 'The row has no value for data_id.', file, row, column }));
    return null;
  }
  if (isLongerThan(key, MAX_LENGTH)) {
    reportFinding(report, 'key-too-long', () => ({ ...tooLong('The data_id'), file, row, column, value: key }));
  }
  return key;
}

function tooLong(what: string) {
  return { message: `${what} is longer than ${MAX_LENGTH} characters.`, expected: `at most ${MAX_LENGTH} characters` };
}

/** A `LabelCheck` that reports a classification of fewer than two classes. */
export class ClassCheck {
  /** The first label, and the first label that differs from it. */
  readonly #classes: string[] = [];

  add(label: string): void {
    if (this.#classes.length < 2 && label !== this.#classes[0]) this.#classes.push(label);
  }

  partial(): string[] {
    return this.#classes;
  }

  merge(partial: JsonValue): void {
    for (const label of partial as string[]) this.add(label);
  }

  finish({ report, file, column }: CellLocation): void {
    const [first, second] = this.#classes;
    if (second !== undefined) return;
    const message =
      first === undefined ? 'No row has a label.' : 'All labels of the file are the same, so there is only one class.';
    report.add(makeFinding('one-class', { message, file, column, value: first, expected: 'two or more labels' }));
  }
}
