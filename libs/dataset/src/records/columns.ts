import type { Report } from '@tracebloc/ingestor-contract';
import { listNames, nearest, shortenName } from '@tracebloc/ingestor-core';
import { makeFinding, reportFinding } from '../findings/findings.js';

/** The most names that a finding lists. */
const MAX_LISTED = 20;

/** The fix for a missing column of file names: nobody needs to rename a column. */
const NAME_FILES = 'Set `filename_column` to the column that names the files, or add a column `filename`.';

export interface ColumnSearch {
  header: readonly string[];
  /** The manifest's name in findings. */
  file: string;
  report: Report;
  /** The column that names each row's file, if the task wants one. Its absence has another fix. */
  filename?: string;
}

/**
 * Finds the wanted columns in the header, and returns their indices by name. A name matches exactly, or, with a warning, if
 * exactly one column differs from it only in case and surrounding space. A name that is not found, or that several columns
 * have, is reported, and is absent from the result.
 */
export function resolveColumns(
  { header, file, report, filename }: ColumnSearch,
  wanted: Iterable<string>,
): Map<string, number> {
  const names = [...new Set(wanted)];
  if (isNameList({ header, filename }, names)) {
    reportFinding(report, 'name-list', () => nameList(header[0]!, names, file));
    return new Map();
  }
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  const indices = Map.groupBy(header.keys(), (index) => header[index]!);
  for (const name of names) {
    const [index, second] = indices.get(name) ?? [];
    if (second !== undefined) {
      repeated.add(name);
      const message = `Columns ${index! + 1} and ${second + 1} have the same name.`;
      reportFinding(report, 'duplicate-column', () => ({ message, file, column: name }));
    } else if (index !== undefined) {
      found.set(name, index);
    }
  }
  const taken = new Set(found.values());
  const free = header.map((_, index) => index).filter((index) => !taken.has(index));
  const byFolded = Map.groupBy(free, (index) => fold(header[index]!));

  for (const name of names) {
    if (found.has(name) || repeated.has(name)) continue;
    const [index, ...others] = byFolded.get(fold(name)) ?? [];
    if (index === undefined || others.length > 0 || taken.has(index)) {
      reportFinding(report, 'missing-column', () => missingColumn(name, header, file, name === filename));
      continue;
    }
    found.set(name, index);
    taken.add(index);
    const message = 'The name of the column differs from the name in the file in case or surrounding space.';
    reportFinding(report, 'column-name-differs', () => {
      return { message, file, column: name, value: header[index], expected: name };
    });
  }
  return found;
}

/**
 * Reports the unused columns of the file in one warning, and those that share a name in another. A column named `id` is
 * ignored, because it is never a feature, and one without a name because the reader has reported it.
 */
export function reportUnlisted({ header, file, report, filename }: ColumnSearch, used: Iterable<number>): void {
  const indices = new Set(used);
  // It was reported as a list of names.
  if (header.length === 1 && filename !== undefined && indices.size === 0) return;
  const unused = header.filter((name, index) => !indices.has(index) && name !== '');
  const counts = Map.groupBy(unused, (name) => name);
  const repeated = [...counts].filter(([, names]) => names.length > 1);
  if (repeated.length > 0) {
    const names = listNames(
      repeated.map(([name, { length }]) => `${shortenName(name)} (${length} times)`),
      MAX_LISTED,
    );
    const message = `Columns that have the same name are not in the schema and will not be stored: ${names}.`;
    report.add(makeFinding('repeated-column', { message, file }));
  }
  const unlisted = unused.filter((name) => fold(name) !== 'id' && counts.get(name)!.length === 1);
  if (unlisted.length === 0) return;
  const one = unlisted.length === 1;
  const message = `${unlisted.length} ${one ? 'column is' : 'columns are'} not in the schema and will not be stored: ${listNames(unlisted, MAX_LISTED)}.`;
  report.add(makeFinding('unlisted-column', { message, file }));
}

/** Whether a manifest of files has none of several wanted columns, but one line for each name, as lists of a split have. */
function isNameList(
  { header, filename }: Pick<ColumnSearch, 'header' | 'filename'>,
  wanted: readonly string[],
): boolean {
  const [only, ...others] = header;
  if (filename === undefined || only === undefined || others.length > 0 || wanted.length < 2) return false;
  return nearest(only, wanted) === undefined && !wanted.some((name) => fold(name) === fold(only));
}

function nameList(first: string, wanted: readonly string[], file: string) {
  return {
    message: `The file has one column and not ${wanted.length}, and its first line is "${shortenName(first)}": it is a list of names, not a table with a header.`,
    file,
    expected: `the columns ${listNames(wanted, MAX_LISTED)}`,
  };
}

function missingColumn(name: string, header: readonly string[], file: string, namesFiles: boolean) {
  const near = nearest(name, header);
  return {
    message: `The column is not in the file.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    file,
    column: name,
    expected: `one of ${listNames(header, MAX_LISTED)}`,
    ...(namesFiles && { fix: NAME_FILES }),
  };
}

const fold = (name: string): string => name.trim().toLowerCase();
