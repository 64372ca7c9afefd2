import { parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import { InterruptedError, isFixedColumn } from '@tracebloc/ingestor-core';
import { differingColumns, type Checksums, type Database, type LabelTally } from '@tracebloc/ingestor-storage';

export interface ReadingOptions {
  signal: AbortSignal;
  /** Told of the records read so far. */
  told?: (records: number) => void;
  /** Counts the labels of the rows that are read. */
  labels?: LabelTally;
}

/** What a table holds, against what was loaded into it. */
export interface ColumnComparison {
  /** Names of columns that differ. */
  differing: string[];
  found: Checksums;
}

/** Reads the table and compares its columns' checksums; `columns` are the dataset's own. */
export async function compareColumns(
  database: Database,
  table: string,
  columns: readonly Column[],
  expected: Checksums,
  { signal, told, labels }: ReadingOptions,
): Promise<ColumnComparison> {
  const tell = (records: number) => {
    if (signal.aborted) throw new InterruptedError();
    told?.(records);
  };
  const found = await database.readChecksums(table, columns, tell, labels);
  return { differing: differingColumns(expected, found), found };
}

/** The dataset's own columns of a catalog's schema. */
export function columnsOf(schema: Readonly<Record<string, string>>): Column[] {
  return Object.entries(schema)
    .filter(([name]) => !isFixedColumn(name))
    .map(([name, sql]) => ({ name, type: parseSqlType(sql) }));
}
