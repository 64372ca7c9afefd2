import type { Report } from '@tracebloc/ingestor-contract';
import { reportFinding } from '@tracebloc/ingestor-dataset';
import { detectionFindings } from './findings.js';

/** The length in characters of the table's `label` column. */
const MAX_LENGTH = 255;

/** Where findings about a picture's label go. */
export interface LabelPlace {
  report: Report;
  /** The annotation's name as findings show it. */
  file: string;
}

/** Returns the classes of a picture in order, with their numbers of objects: `car:3 sign:1`. */
export function listClasses(classes: readonly string[]): string {
  const counts = [...Map.groupBy(classes, (name) => name)].map(([name, { length }]) => [name, length] as const);
  return counts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}:${count}`)
    .join(' ');
}

/**
 * Returns the label of a picture whose row has a label. If that is one of several classes in the picture, the label lists them all,
 * so that none is lost. Else it stays: it may tell something else than the objects, or all of them.
 */
export function labelOfRow(label: string | null, classes: readonly string[], place: LabelPlace): string | null {
  if (label === null || !classes.includes(label) || classes.every((name) => name === label)) return label;
  const list = listClasses(classes);
  if (!isLong(list)) return list;
  const message =
    'The list of the classes of the picture is too long, so that its label has only that of the first row.';
  const expected = `at most ${MAX_LENGTH} characters`;
  detectionFindings.report(place.report, 'classes-not-listed', () => ({ message, file: place.file, expected }));
  return label;
}

/**
 * Returns the label of a picture whose classes only its annotation tells: their list. It reports names with which the list could
 * not be read. It is null for a picture without objects.
 */
export function labelOfClasses(classes: readonly string[], { report, file }: LabelPlace): string | null {
  if (classes.length === 0) return null;
  for (const value of new Set(classes.filter((name) => /[\s:]/.test(name)))) {
    const message = 'The name has a space or a colon, which separate the classes in a label.';
    detectionFindings.report(report, 'unlistable-class', () => ({ message, file, column: 'name', value }));
  }
  const list = listClasses(classes);
  if (isLong(list)) {
    const message = `The list of the classes of the picture is longer than ${MAX_LENGTH} characters.`;
    const fix = 'Shorten the names of the classes, or name a column of labels in `label`.';
    const expected = `at most ${MAX_LENGTH} characters`;
    reportFinding(report, 'label-too-long', () => ({ message, file, value: list, expected, fix }));
  }
  return list;
}

const isLong = (text: string): boolean => Array.from(text).length > MAX_LENGTH;
