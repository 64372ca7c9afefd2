import type { Report } from '@tracebloc/ingestor-contract';
import { listNames } from '@tracebloc/ingestor-core';
import { reportFinding } from '../findings/findings.js';
import type { TablePart } from './part.js';

/** How the columns of a part become those of the table. */
export interface Alignment {
  /** The columns of the part's rows. */
  header: readonly string[];
  /** Returns the cells of a row in the order of the table's columns. It is absent if the order is the same. */
  reorder?: (row: string[]) => string[];
}

/** The most names in a message. */
const MAX_NAMES = 5;

/**
 * Compares the headers of the parts of a table with that of the first part. Another order of the columns is mapped. Other
 * columns are reported, and so is another order of names that occur several times; then nothing is returned.
 */
export function alignHeaders(
  parts: readonly TablePart[],
  headers: readonly (readonly string[])[],
  report: Report,
): readonly Alignment[] {
  const [first = []] = headers;
  const before = report.errors;
  const alignments = headers.map((header, index) => align(parts[index]!, header, { part: parts[0]!, first }, report));
  return report.errors > before ? [] : alignments;
}

function align(
  part: TablePart,
  header: readonly string[],
  { part: { file }, first }: { part: TablePart; first: readonly string[] },
  report: Report,
): Alignment {
  if (header.length === first.length && header.every((name, index) => name === first[index])) return { header };
  const absent = first.filter((name) => !header.includes(name));
  const more = header.filter((name) => !first.includes(name));
  if (part.namesCells && more.length === 0) part.addColumns(absent);
  const own = part.namesCells ? [...header, ...absent] : header;
  if (more.length > 0 || own.length !== first.length || new Set(own).size < own.length) {
    reportFinding(report, 'part-differs', () => ({ message: messageOf({ absent, more }, file), file: part.file }));
    return { header };
  }
  const indices = first.map((name) => own.indexOf(name));
  return { header: own, reorder: (row) => indices.map((index) => row[index]!) };
}

function messageOf({ absent, more }: { absent: readonly string[]; more: readonly string[] }, file: string): string {
  const lacks = absent.length > 0 ? [`lacks ${listNames(absent, MAX_NAMES)}`] : [];
  const has = more.length > 0 ? [`has ${listNames(more, MAX_NAMES)}, which that does not have`] : [];
  const differs = [...lacks, ...has];
  return differs.length > 0
    ? `The header differs from that of ${file}: it ${differs.join(' and ')}.`
    : `The header has the names of ${file} in another order, and some of them several times.`;
}
