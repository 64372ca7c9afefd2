import type { CsvFormat } from '@tracebloc/ingestor-core';

/** The names of the columns, and whether the record that completed them is part of the header. */
export interface Header {
  names: string[];
  isHeaderRow: boolean;
}

/** Finds the names of the columns in the first records that are not blank. */
export class HeaderReader {
  readonly #rows: string[][] = [];

  constructor(private readonly format: Pick<CsvFormat, 'header' | 'columnNames'>) {}

  /** Returns `undefined` if the names are in a later record. */
  take(row: string[], line: number): Header | undefined {
    const { header, columnNames } = this.format;
    if (header === 'none') return { names: namesOf(row.length, columnNames), isHeaderRow: false };
    if (header === undefined) return { names: row, isHeaderRow: true };
    const isNamed = header.includes(line);
    if (isNamed) this.#rows.push(row);
    if (line < header.at(-1)!) return undefined;
    if (this.#rows.length === 0) return { names: row, isHeaderRow: true };
    return { names: join(this.#rows), isHeaderRow: isNamed };
  }
}

/** Returns the given names if there is one for each column, `column_1` and so on otherwise. */
function namesOf(width: number, names: readonly string[] = []): string[] {
  return names.length === width ? [...names] : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
}

/** Joins the names of several lines by `_`, column by column. */
function join(rows: readonly string[][]): string[] {
  if (rows.length === 1) return rows[0]!;
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) =>
    rows
      .map((row) => row[column]?.trim() ?? '')
      .filter((part) => part !== '')
      .join('_'),
  );
}
