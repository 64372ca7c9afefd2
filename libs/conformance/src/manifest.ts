import type { RunConfig } from '@tracebloc/ingestor-config';

/** The parts of a manifest, of which other manifests can be made. */
export interface Manifest {
  text: string;
  /** The text of all data rows. More rows can be appended. */
  rows: string;
  /** Returns a row with the same text in every cell. */
  row: (cell: string) => string;
  /** A row with another number of cells than the header. */
  ragged: string;
  /** Returns a manifest of these rows. */
  assemble: (rows: string) => string;
}

export function parseManifest(text: string, { format, csv }: RunConfig['source']): Manifest {
  if (format === 'csv') return parseCsv(text, csv.delimiter);
  return text.trimStart().startsWith('[') ? parseArray(text) : parseLines(text);
}

function parseCsv(text: string, delimiter: string): Manifest {
  const end = text.indexOf('\n') + 1 || text.length;
  const [header, rows] = [text.slice(0, end), text.slice(end)];
  const width = header.split(delimiter).length;
  return {
    text,
    rows: endLine(rows),
    row: (cell) => `${new Array(width).fill(cell || '""').join(delimiter)}\n`,
    ragged: `x${delimiter.repeat(width)}\n`,
    assemble: (more) => endLine(header) + more,
  };
}

function parseLines(text: string): Manifest {
  const [first = '{}'] = text.trimStart().split('\n');
  return {
    text,
    rows: endLine(text),
    row: (cell) => `${objectOf(first, cell)}\n`,
    ragged: '{"zq_unexpected": {"nested": 1}}\n',
    assemble: (more) => more,
  };
}

function parseArray(text: string): Manifest {
  const inner = text.trim().slice(1, -1);
  const first = (JSON.parse(text) as unknown[])[0] ?? {};
  return {
    text,
    rows: `${inner},`,
    row: (cell) => `${objectOf(JSON.stringify(first), cell)},`,
    ragged: '{"zq_unexpected": {"nested": 1}},',
    assemble: (more) => `[${more.replace(/,$/, '')}]`,
  };
}

function objectOf(example: string, cell: string): string {
  const keys = Object.keys(JSON.parse(example) as object);
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, cell]))).replaceAll(String.raw`\u0000`, '\0');
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
