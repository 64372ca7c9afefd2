import { listNames, type Report } from '@tracebloc/ingestor-contract';
import { makeFinding, reportFinding } from './findings.js';

/** Most names that a finding lists. */
const MAX_LISTED = 20;
/** A suggestion compares a name with each column; it is made for names of this length, among so many columns, at most. */
const MAX_NAME = 64;
const MAX_COMPARED = 5000;

export interface ColumnSearch {
  header: readonly string[];
  /** The manifest's name in findings. */
  file: string;
  report: Report;
}

/**
 * Where the wanted columns stand in the header: name to index. A name is found as written, else, with a warning, by
 * ignoring case and surrounding space where that leaves exactly one column. A name that is not found is reported and
 * absent from the result.
 */
export function resolveColumns({ header, file, report }: ColumnSearch, wanted: Iterable<string>): Map<string, number> {
  const names = [...new Set(wanted)];
  const found = new Map<string, number>();
  const at = new Map(header.map((name, index) => [name, index]));
  for (const name of names) {
    const index = at.get(name);
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
    const message = 'The column is in the file under a name that differs in case or surrounding space.';
    reportFinding(report, 'column-name-differs', () => {
      return { message, file, column: name, value: header[index], expected: name };
    });
  }
  return found;
}

/** Warns, once, of the file's columns that nothing uses. A column called `id` is nobody's feature and is passed over. */
export function reportUnlisted({ header, file, report }: ColumnSearch, used: Iterable<number>): void {
  const indices = new Set(used);
  const unlisted = header.filter((name, index) => !indices.has(index) && fold(name) !== 'id');
  if (unlisted.length === 0) return;
  const one = unlisted.length === 1;
  const message = `${unlisted.length} ${one ? 'column is' : 'columns are'} not in the schema, and so not stored: ${listNames(unlisted, MAX_LISTED)}.`;
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

/** The name that the fewest edits lead to, if they are few for its length. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_NAME || candidates.length > MAX_COMPARED) return undefined;
  const wanted = fold(name);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, fold(candidate));
    if (distance < least && distance < wanted.length) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
