import { parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import { InterruptedError, isFixedColumn } from '@tracebloc/ingestor-core';
import type { Checksums, Database, IdRange, LabelTally } from '@tracebloc/ingestor-storage';

export interface ReadingOptions {
  signal: AbortSignal;
  /** Receives the number of records read so far. */
  onProgress?: (records: number) => void;
  /** Counts the labels of the rows that are read. */
  labels?: LabelTally;
  /** The rows to read. Default: all. */
  range?: IdRange;
}

/** Reads the table and returns the checksums of its columns. `columns` are the dataset's own. */
export async function readColumns(
  database: Database,
  table: string,
  columns: readonly Column[],
  { signal, onProgress, labels, range }: ReadingOptions,
): Promise<Checksums> {
  const report = (records: number) => {
    if (signal.aborted) throw new InterruptedError();
    onProgress?.(records);
  };
  return database.readChecksums(table, columns, report, labels, range);
}

/** Returns the dataset's own columns of a catalog's schema. */
export function columnsOf(schema: Readonly<Record<string, string>>): Column[] {
  return Object.entries(schema)
    .filter(([name]) => !isFixedColumn(name))
    .map(([name, sql]) => ({ name, type: parseSqlType(sql) }));
}
