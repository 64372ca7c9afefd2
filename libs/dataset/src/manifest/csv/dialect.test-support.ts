import fc from 'fast-check';
import { WHITESPACE, type CsvFormat } from '@tracebloc/ingestor-core';

/** A file in some dialect, and what it holds. */
export interface DialectFile {
  text: string;
  format: Partial<CsvFormat>;
  header: string[];
  rows: string[][];
}

/** What a cell may contain, and what the file has around its cells. */
const UNITS = ['"', '\\', ',', '|', '#', ' ', '\t', '\n', '\r\n', '\r', 'a', '1', 'é', '😀'];
const anyCell = fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 6 });
const anyRows = fc.array(fc.tuple(anyCell, anyCell, anyCell), { maxLength: 12 });

/** Files that use any of the options of a dialect together. */
export const anyDialectFile: fc.Arbitrary<DialectFile> = fc
  .record({
    rows: anyRows,
    delimiter: fc.constantFrom(',', '\t', '||', ' | ', WHITESPACE),
    escape: fc.constantFrom('"', '\\'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    header: fc.constantFrom(undefined, 'none' as const, 1, 2, 3),
    skipRows: fc.integer({ min: 0, max: 2 }),
    skipFooter: fc.integer({ min: 0, max: 2 }),
    isCommented: fc.boolean(),
    hasUnits: fc.boolean(),
    skipInitialSpace: fc.boolean(),
    trailingDelimiter: fc.boolean(),
    endsOpen: fc.boolean(),
  })
  .map(write);

/** What a `DialectFile` is made from. */
interface Plan {
  rows: string[][];
  delimiter: string;
  escape: string;
  lineEnd: string;
  /** The number of header lines. */
  header: 'none' | number | undefined;
  skipRows: number;
  skipFooter: number;
  isCommented: boolean;
  hasUnits: boolean;
  skipInitialSpace: boolean;
  trailingDelimiter: boolean;
  endsOpen: boolean;
}

function write(plan: Plan): DialectFile {
  const { rows, delimiter, escape, lineEnd, header, skipRows, skipFooter, skipInitialSpace } = plan;
  const isAligned = delimiter === WHITESPACE;
  const trailingDelimiter = plan.trailingDelimiter && !isAligned;
  const hasUnits = plan.hasUnits && header !== 'none';
  const written = isAligned ? '  ' : delimiter;
  const cell = (text: string) => {
    const escaped = escape === '\\' ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text.replaceAll('"', '""');
    return /^[a1é]+$/.test(text) ? text : `"${escaped}"`;
  };
  const line = (cells: readonly string[]) =>
    cells.map(cell).join(written + (skipInitialSpace ? ' ' : '')) + (trailingDelimiter ? written : '');

  const names = ['k', 'a', 'b', 'c'];
  const count = typeof header === 'number' ? header : 1;
  const headerLines = Array.from({ length: count }, (_, index) => line(names.map((name) => `${name}${index + 1}`)));
  const comments = plan.isCommented ? ['#"no, row', '#'] : [];
  const lines = [
    ...Array.from({ length: skipRows }, (_, index) => `"title ${index}`),
    ...(header === 'none' ? [] : headerLines),
    ...comments,
    ...(hasUnits ? [line(['m', 's'])] : []),
    ...rows.flatMap((row, index) => [...(index % 3 === 0 ? comments : []), line(['x', ...row])]),
    ...Array.from({ length: skipFooter }, (_, index) => `Total ${index}`),
  ];
  const joined = names.map((name) => Array.from({ length: count }, (_, index) => `${name}${index + 1}`).join('_'));
  return {
    text: lines.join(lineEnd) + (plan.endsOpen ? '' : lineEnd),
    format: {
      ...{ delimiter, escape, skipInitialSpace, trailingDelimiter, skipFooter, unitsRow: hasUnits },
      comment: plan.isCommented ? '#' : undefined,
      skipRows,
      header: typeof header === 'number' ? Array.from({ length: count }, (_, index) => skipRows + index + 1) : header,
      columnNames: joined,
    },
    header: joined,
    rows: rows.map((row) => ['x', ...row]),
  };
}
