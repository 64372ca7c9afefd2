import type { Column } from '@tracebloc/ingestor-contract';
import { FIXED_COLUMNS, type FixedColumn } from '@tracebloc/ingestor-core';
import { RUN_COLUMNS, fixedColumn } from '../tables/layout.js';
import { quote } from '../tables/names.js';
import type { RunRow } from '../ledger/types.js';
import type { ServerFacts } from './connection/connect.js';
import { literal } from './load/literal.js';

/** The fixed columns that have one value in all rows of a dataset. */
export const CONSTANT_COLUMNS: readonly FixedColumn[] = ['created_at', 'updated_at', 'status', ...RUN_COLUMNS];

/** Tables that are wider are created with all columns, so that the server immediately refuses those that are too wide. */
const MOST_COLUMNS = 100;
const MOST_CHARACTERS = 8192;

/**
 * Returns whether the staging table may lack the constant columns until it is published. They are then not written for each
 * row: such a server adds a column with a default in an instant, whatever the number of rows, and keeps the value once.
 */
export function mayLackConstants({ kind, version }: ServerFacts, columns: readonly Column[]): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const number = major * 1e6 + minor * 1e3 + patch;
  if (number < (kind === 'mariadb' ? 10_004_003 : 8_000_029)) return false;
  const characters = columns.reduce((sum, { type: { length = 0 } }) => sum + length, 0);
  return columns.length <= MOST_COLUMNS && characters <= MOST_CHARACTERS;
}

/** Returns the statements that add the constant columns to a staging table, each in its place. `names` are its columns. */
export function addConstants(
  table: string,
  names: readonly string[],
  { intent, runId }: Pick<RunRow, 'intent' | 'runId'>,
): string[] {
  const values: Partial<Record<FixedColumn, string>> = { data_intent: intent, ingestor_id: runId };
  const added = CONSTANT_COLUMNS.filter((name) => !names.includes(name)).map((name) => {
    const value = values[name];
    const given = value === undefined ? '' : ` DEFAULT ${literal(value)}`;
    const before = FIXED_COLUMNS[FIXED_COLUMNS.indexOf(name) - 1]!;
    return `ADD COLUMN ${quote(name)} ${fixedColumn(name, 'mysql')}${given} AFTER ${quote(before)}`;
  });
  const alter = `ALTER TABLE ${quote(table)}`;
  // The rows keep the values, and rows that others insert later get none.
  const unset = RUN_COLUMNS.map((name) => `ALTER ${quote(name)} SET DEFAULT NULL`);
  return [
    ...(added.length > 0 ? [`${alter} ${added.join(', ')}, ALGORITHM=INSTANT`] : []),
    `${alter} ${unset.join(', ')}`,
  ];
}
