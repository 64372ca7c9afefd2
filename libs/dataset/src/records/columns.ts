import type { Report } from '@tracebloc/ingestor-contract';
import { listNames, nearest } from '@tracebloc/ingestor-core';
import { makeFinding, reportFinding } from '../findings/findings.js';

/** The most names that a finding lists. */
const MAX_LISTED = 20;

export interface ColumnSearch {
  header: readonly string[];
  /** The manifest's name in findings. */
  file: string;
  report: Report;
}

/**
 * Finds the wanted columns in the header, and returns their indices by name. A name matches exactly, or, with a warning, if
 * exactly one column differs from it only in case and surrounding space. A name that is not found is reported, and is absent
 * from the result.
 */
export function resolveColumns({ header, file, report }: ColumnSearch, wanted: Iterable<string>): Map<string, number> {
  const names = [...new Set(wanted)];
  const found = new Map<string, number>();
  const indices = new Map(header.map((name, index) => [name, index]));
  for (const name of names) {
    const index = indices.get(name);
    if (index !== undefined) found.set(name, index);
  }
  const taken = new Set(found.values());
  const free = header.map((_, index) => index).filter((index) => !taken.has(index));
  const byFolded = Map.groupBy(free, (index) => fold(header[index]!));

  for (const name of names) {
    if (found.has(name)) continue;
    const [index, ...others] = byFolded.get(fold(name)) ?? [];
    if (index === undefined || others.length > 0 || taken.has(index)) {
      reportFinding(report, 'missing-column', () => missingColumn(name, header, file));
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

/** Reports the unused columns of the file in one warning. A column named `id` is ignored, because it is never a feature. */
export function reportUnlisted({ header, file, report }: ColumnSearch, used: Iterable<number>): void {
  const indices = new Set(used);
  const unlisted = header.filter((name, index) => !indices.has(index) && fold(name) !== 'id');
  if (unlisted.length === 0) return;
  const one = unlisted.length === 1;
  const message = `${unlisted.length} ${one ? 'column is' : 'columns are'} not in the schema and will not be stored: ${listNames(unlisted, MAX_LISTED)}.`;
  report.add(makeFinding('unlisted-column', { message, file }));
}

function missingColumn(name: string, header: readonly string[], file: string) {
  const near = nearest(name, header);
  return {
    message: `The column is not in the file.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    file,
    column: name,
    expected: `one of ${listNames(header, MAX_LISTED)}`,
  };
}

const fold = (name: string): string => name.trim().toLowerCase();
