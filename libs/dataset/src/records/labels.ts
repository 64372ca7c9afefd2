import { type JsonValue, parseSqlType, type Report } from '@tracebloc/ingestor-contract';
import type { OwnColumn } from '../checks/column-option.js';
import { compileLabel } from '../checks/label.js';
import { isLongerThan } from '../checks/text.js';
import { makeFinding, reportFinding } from '../findings/findings.js';

/** The length in characters of the table's `label` and `data_id` columns. */
const MAX_LENGTH = 255;

/** Where a finding about a cell goes, and what it names. */
export interface CellLocation {
  report: Report;
  file: string;
  column: string;
  /** Whether the column is declared as text, so that 1 and 1.0 are meant to be two texts. */
  isText?: boolean;
  /** Returns the column with its format and those of the others, for a fix that names options. */
  own?: () => OwnColumn;
}

/**
 * Returns the trimmed label of a row, or `null` with a warning if it is missing. Reports a label that is too long, unless the
 * table stores another text of it.
 */
export function readLabel(
  text: string,
  row: number,
  isMissing: (text: string) => boolean,
  location: CellLocation,
  { missingFix: fix, lengthFix, stored }: { missingFix?: string; lengthFix?: string; stored?: unknown } = {},
): string | null {
  if (isMissing(text)) {
    const { report, file, column } = location;
    const message = 'The row has no label.';
    reportFinding(report, 'missing-label', () => ({ message, file, row, column, ...(fix !== undefined && { fix }) }));
    return null;
  }
  const label = text.trim();
  if (!stored) checkLength(label, row, location, lengthFix);
  return label;
}

/** Reports a label that the table's column cannot hold. */
export function checkLength(label: string, row: number, { report, file, column }: CellLocation, fix?: string): void {
  if (!isLongerThan(label, MAX_LENGTH)) return;
  reportFinding(report, 'label-too-long', () => {
    return { ...tooLong('The label'), file, row, column, value: label, ...(fix !== undefined && { fix }) };
  });
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

/** The most classes that are counted. With more, many are rare. */
const MAX_CLASSES = 100;
/** The fewest labels of which a class may be called rare. */
const MIN_LABELS = 20;
/** The share of the labels below which a class is rare, unless there are many classes. */
const RARE = 0.05;
/** With many classes, the part of an equal share below which a class is rare. */
const RARE_OF_EQUAL = 0.5;

/** The types that a label may be declared with, so that each value has one text. */
const TYPES = ['INT', 'DOUBLE', 'BOOLEAN'].map((sql) => ({ sql, check: compileLabel(parseSqlType(sql), {}) }));

/** A `LabelCheck` that reports a classification of fewer than two classes, and classes with few labels or similar names. */
export class ClassCheck {
  /** The number of labels of each class. It has at most one class more than is counted. */
  readonly #counts = new Map<string, { count: number }>();
  /** False if a shard of an earlier version passed on its labels without their number. */
  #isCounted = true;

  /** `needsTwo` is false if one class is enough, since the task learns more than the class. */
  constructor(private readonly needsTwo = true) {}

  add(label: string): void {
    this.#count(label, 1);
  }

  partial(): [label: string, count: number][] {
    return [...this.#counts].map(([label, { count }]) => [label, count]);
  }

  merge(partial: JsonValue): void {
    for (const entry of partial as (string | [label: string, count: number])[]) {
      if (typeof entry === 'string') this.#isCounted = false;
      const [label, count] = typeof entry === 'string' ? [entry, 1] : entry;
      this.#count(label, count);
    }
  }

  finish(location: CellLocation): void {
    if (this.needsTwo && this.#counts.size < 2) this.#reportOneClass(location);
    if (this.#counts.size > MAX_CLASSES) return;
    if (this.#isCounted && this.#counts.size > 1) this.#reportRare(location);
    this.#reportSimilar(location);
  }

  #count(label: string, by: number): void {
    const known = this.#counts.get(label);
    if (known) known.count += by;
    // It must be a copy: a substring would keep a piece of the file in memory.
    else if (this.#counts.size <= MAX_CLASSES) this.#counts.set(Buffer.from(label).toString(), { count: by });
  }

  #reportRare({ report, file, column }: CellLocation): void {
    const total = [...this.#counts.values()].reduce((sum, { count }) => sum + count, 0);
    if (total < MIN_LABELS) return;
    const least = Math.min(RARE, RARE_OF_EQUAL / this.#counts.size) * total;
    for (const [label, { count }] of this.#counts) {
      if (count >= least) continue;
      const message = `${count} of ${total.toLocaleString('en-US')} labels are of this class, which is ${percent(count / total)}.`;
      const expected = `at least ${percent(least / total)}`;
      reportFinding(report, 'rare-class', () => ({ message, file, column, value: label, expected }));
    }
  }

  /** Reports classes that are one if case does not count, or if the label is declared with the type that all of them have. */
  #reportSimilar({ report, file, column, isText = false }: CellLocation): void {
    const labels = [...this.#counts.keys()];
    const type = isText
      ? undefined
      : TYPES.find(({ check }) => labels.every((label) => typeof check(label) === 'string'));
    const groups = new Map<string, string[]>();
    for (const label of labels) {
      const value = type?.check(label);
      const form = typeof value === 'string' ? value : label.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
      groups.set(form, [...(groups.get(form) ?? []), label]);
    }
    const declare = type && `declare the column ${type.sql} in \`schema\`, or `;
    for (const alike of groups.values()) {
      if (alike.length < 2) continue;
      const message = `${alike.length} classes are the same ${type ? 'value' : 'word'}, written in different ways.`;
      const different = type ? 'declare the column VARCHAR(255)' : 'leave them';
      const fix = `If they are one class, ${declare ?? ''}write them alike. If they are different classes, ${different}.`;
      reportFinding(report, 'similar-classes', () => ({ message, file, column, value: alike.join(', '), fix }));
    }
  }

  #reportOneClass({ report, file, column }: CellLocation): void {
    const [first] = this.#counts.keys();
    const message =
      first === undefined ? 'No row has a label.' : 'All labels of the file are the same, so there is only one class.';
    report.add(makeFinding('one-class', { message, file, column, value: first, expected: 'two or more labels' }));
  }
}

function percent(share: number): string {
  return `${(100 * share).toLocaleString('en-US', { maximumSignificantDigits: 2 })} %`;
}
