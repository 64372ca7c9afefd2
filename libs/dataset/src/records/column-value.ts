import type { Column, DatasetRecord, TaskContext } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';

/**
 * Returns a function that returns a row's value of a column as the table stores it, and calls `onMissing` if it is missing.
 * Other values that are `null` are reported already. `at` has the index of each column in the cells. Returns `undefined` if the
 * manifest does not have the column, or the table does not store it.
 */
export function compileColumnValue(
  { columns, dataset }: TaskContext<unknown>,
  { name, type }: Column,
  at: ReadonlyMap<string, number>,
  onMissing: (row: number) => void,
): ((record: DatasetRecord, cells: readonly string[]) => string | null) | undefined {
  const to = columns.findIndex((column) => (column.source ?? column.name) === name);
  const from = at.get(name);
  if (from === undefined || to === -1) return undefined;
  const isMissing = compileMissing(dataset.missingOf(name));
  return ({ row, values }, cells) => {
    const value = values[to] ?? null;
    if (value === null && !type.notNull && isMissing(cells[from]!)) onMissing(row);
    return value;
  };
}
