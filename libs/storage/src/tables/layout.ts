import { parseSqlType, type Column, type SqlType } from '@tracebloc/ingestor-contract';
import { FIXED_COLUMNS, type FixedColumn, isStorableIdentifier } from '@tracebloc/ingestor-core';
import { columnNameRefused } from '../errors/tables.js';
import { quote } from './names.js';
import type { TableSpec } from '../database/types.js';

/** How a fixed column is declared: one text when every database accepts the same. */
type Declaration = string | { mysql: string; sqlite: string };

const FIXED: Readonly<Record<FixedColumn, Declaration>> = {
  id: { mysql: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY', sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT' },
  created_at: 'DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP',
  updated_at: {
    mysql: 'DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP',
    sqlite: 'DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP',
  },
  status: 'INT NOT NULL DEFAULT 0',
  label: 'VARCHAR(255) NULL',
  data_intent: 'VARCHAR(100) NULL',
  data_id: 'VARCHAR(255) NOT NULL UNIQUE',
  filename: 'VARCHAR(255) NULL',
  extension: 'VARCHAR(10) NULL',
  annotation: 'TEXT NULL',
  ingestor_id: 'VARCHAR(255) NULL',
};

/** The fixed columns that a record fills beside its values; each list of columns and of checksums keeps this order. */
export const RECORD_COLUMNS = ['label', 'data_id', 'filename', 'extension', 'annotation'] as const;

/** The fixed columns that have one value in all rows of a run: its intent and its id. */
export const RUN_COLUMNS = ['data_intent', 'ingestor_id'] as const;

/** Returns the columns that a row is written with, in order; `columns` are the dataset's own. */
export function rowColumns(columns: readonly Column[]): string[] {
  return ['id', ...RECORD_COLUMNS, ...columns.map(({ name }) => name)];
}

/** Returns how a fixed column is declared. */
export function fixedColumn(name: FixedColumn, kind: 'mysql' | 'sqlite'): string {
  const text = FIXED[name];
  return typeof text === 'string' ? text : text[kind];
}

/**
 * Returns the statement that creates a dataset's table on MySQL or MariaDB. The binary collation keeps labels and data_ids
 * apart that differ in case or accent. The fixed columns in `without` are left out.
 */
export function createMysqlTable({ table, columns }: TableSpec, without: readonly FixedColumn[] = []): string {
  for (const { name } of columns) refuseName(name);
  const lines = FIXED_COLUMNS.filter((name) => !without.includes(name)).map(
    (name) => `${quote(name)} ${fixedColumn(name, 'mysql')}`,
  );
  for (const { name, type } of columns) {
    lines.push(`${quote(name)} ${storedType(type)} NULL DEFAULT NULL`);
  }
  return (
    `CREATE TABLE IF NOT EXISTS ${quote(table)} (${lines.join(', ')}) ` +
    'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin'
  );
}

function refuseName(name: string): void {
  if (isStorableIdentifier(name)) return;
  throw columnNameRefused(`A table cannot have a column named ${JSON.stringify(name)}.`);
}

/** SQLite's numbers hold this many decimal digits exactly. */
const SQLITE_DIGITS = 15;

/** Returns the statements that create a dataset's table on SQLite, and the trigger that keeps its `updated_at`. */
export function createSqliteTable({ table, columns }: TableSpec): string[] {
  for (const { name } of columns) refuseName(name);
  const lines = FIXED_COLUMNS.map((name) => `${quote(name)} ${fixedColumn(name, 'sqlite')}`);
  for (const column of columns) lines.push(`${quote(column.name)} ${quote(sqliteType(column))} NULL`);
  const watched = [...FIXED_COLUMNS, ...columns.map(({ name }) => name)]
    .filter((name) => name !== 'updated_at')
    .map(quote);
  return [
    `CREATE TABLE ${quote(table)} (${lines.join(', ')})`,
    `CREATE TRIGGER ${quote(`${table}_touch`)} AFTER UPDATE OF ${watched.join(', ')} ON ${quote(table)} BEGIN ` +
      `UPDATE ${quote(table)} SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END`,
  ];
}

/** SQLite derives a column's storage from words in its type. TEXT keeps all digits of a long decimal. */
function sqliteType({ type }: Column): string {
  const long = type.kind === 'decimal' && (type.precision ?? 0) > SQLITE_DIGITS;
  return long ? `${type.sql} TEXT` : storedType(type);
}

/** A TIMESTAMP of a schema is a DATETIME in its table: without a limit of years, and without a shift by the session's zone. */
function storedType({ name, sql }: SqlType): string {
  return name === 'TIMESTAMP' ? sql.replace('TIMESTAMP', 'DATETIME') : sql;
}

/** Returns a column's type, as a database describes it, in the spelling of `SqlType.sql`. */
export function canonicalType(described: string): string {
  if (described.toLowerCase() === 'tinyint(1)') return 'BOOLEAN';
  const text = described.replace(/\) TEXT$/, ')').replace(/ UNSIGNED TEXT$/, ' UNSIGNED');
  try {
    return parseSqlType(text).sql;
  } catch {
    return described.toUpperCase();
  }
}

/**
 * Maps every column of a dataset's table to the SQL type that it has there, the fixed ones first, as the backend's `schema` has
 * it: DATETIME for a column that is declared TIMESTAMP.
 */
export function tableSchema(columns: readonly Column[]): Record<string, string> {
  const fixed = FIXED_COLUMNS.map((name) => [name, /^[A-Z]+(\(\d+\))?/.exec(fixedColumn(name, 'mysql'))![0]]);
  return Object.fromEntries([...fixed, ...columns.map(({ name, type }) => [name, storedType(type)])]) as Record<
    string,
    string
  >;
}
