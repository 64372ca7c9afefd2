import { parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import { InterruptedError, isFixedColumn } from '@tracebloc/ingestor-core';
import { differingColumns, type Checksums, type Database, type LabelTally } from '@tracebloc/ingestor-storage';

export interface ReadingOptions {
  signal: AbortSignal;
  /** Receives the number of records read so far. */
  onProgress?: (records: number) => void;
  /** Counts the labels of the rows that are read. */
  labels?: LabelTally;
}

export interface ColumnComparison {
  /** The names of the columns that differ. */
  differing: string[];
  found: Checksums;
}

/** Reads the table and compares the checksums of its columns. `columns` are the dataset's own. */
export async function compareColumns(
  database: Database,
  table: string,
  columns: readonly Column[],
  expected: Checksums,
  { signal, onProgress, labels }: ReadingOptions,
): Promise<ColumnComparison> {
  const report = (records: number) => {
    if (signal.aborted) throw new InterruptedError();
    onProgress?.(records);
  };
  const found = await database.readChecksums(table, columns, report, labels);
  return { differing: differingColumns(expected, found), found };
}

/** Returns the dataset's own columns of a catalog's schema. */
export function columnsOf(schema: Readonly<Record<string, string>>): Column[] {
  return Object.entries(schema)
    .filter(([name]) => !isFixedColumn(name))
    .map(([name, sql]) => ({ name, type: parseSqlType(sql) }));
}
