import { InterruptedError, isFixedColumn, parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import { differingColumns, type Checksums, type Database } from '@tracebloc/ingestor-storage';

export interface ReadingOptions {
  signal: AbortSignal;
  /** Told of the records read so far. */
  told?: (records: number) => void;
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
  { signal, told }: ReadingOptions,
): Promise<ColumnComparison> {
  const found = await database.readChecksums(table, columns, (records) => {
    if (signal.aborted) throw new InterruptedError();
    told?.(records);
  });
  return { differing: differingColumns(expected, found), found };
}

/** The dataset's own columns of a catalog's schema. */
export function columnsOf(schema: Readonly<Record<string, string>>): Column[] {
  return Object.entries(schema)
    .filter(([name]) => !isFixedColumn(name))
    .map(([name, sql]) => ({ name, type: parseSqlType(sql) }));
}
