import type { Report } from '@tracebloc/ingestor-contract';
import { type DatasetFindingCode, reportFinding } from '../findings/findings.js';

/** The most columns that a manifest may have, used or not: each costs time in every row. A table has far fewer. */
const MAX_COLUMNS = 200_000;

/** The fixes for columns without a name: the first one, the last one, and several at the end. */
const UNNAMED_FIRST =
  'If it is the index of the rows, as pandas and R write it, nothing is lost; to export without it: `to_csv(path, index=False)`. Otherwise name the column.';
const UNNAMED_LAST =
  'If every row ends with the delimiter, set `spec.csv_options.trailing_delimiter: true`. Otherwise name the column.';
const UNNAMED_END = 'If they are empty columns of a sheet, nothing is lost. Otherwise name the columns.';

/** A header as the reader has read it. */
export interface ReadHeader {
  header: readonly string[];
  /** Whether the names are keys, which each row has beside its values. */
  namesCells: boolean;
  /** The manifest's name in findings. */
  file: string;
}

/** Reports a header with which no row can be read, and returns whether it is none. */
export function checkHeader({ header, namesCells, file }: ReadHeader, report: Report): boolean {
  const before = report.errors;
  const add = (code: DatasetFindingCode, message: string, column?: string) =>
    reportFinding(report, code, () => ({ message, file, column }));
  if (header.length === 0) add('empty-file', 'The first record has no columns.');
  if (header.length > MAX_COLUMNS) {
    add(
      'too-many-columns',
      `The header has ${header.length} columns; the most that a manifest may have is ${MAX_COLUMNS}.`,
    );
    return false;
  }
  // Which columns of a CSV are wanted is known only to its task.
  if (namesCells) {
    for (const { name, first, second } of repeatedNames(header)) {
      add('duplicate-column', `Keys ${first + 1} and ${second + 1} have the same name.`, name);
    }
  }
  return report.errors === before;
}

function repeatedNames(header: readonly string[]): { name: string; first: number; second: number }[] {
  const firsts = new Map<string, number>();
  return header.flatMap((name, second) => {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, second);
    return first === undefined || name === '' ? [] : { name, first, second };
  });
}

/** Reports columns without a name, those beside each other in one warning. */
export function reportUnnamed({ header, namesCells, file }: ReadHeader, report: Report): void {
  for (let first = 0; first < header.length; first++) {
    if (header[first] !== '') continue;
    let last = first;
    while (header[last + 1] === '') last++;
    const message =
      first === last
        ? `Column ${first + 1} of the header has no name, and will not be stored.`
        : `Columns ${first + 1} to ${last + 1} of the header have no name, and will not be stored.`;
    // A file of JSON has neither an index nor a delimiter.
    const fix = namesCells ? undefined : unnamedFix(first, last, header.length);
    reportFinding(report, 'empty-column-name', () => ({ message, file, ...(fix && { fix }) }));
    first = last;
  }
}

function unnamedFix(first: number, last: number, width: number): string | undefined {
  if (last === width - 1 && first > 0) return first === last ? UNNAMED_LAST : UNNAMED_END;
  return last === 0 ? UNNAMED_FIRST : undefined;
}
