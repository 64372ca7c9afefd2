import { parseSqlType, type Column } from '@tracebloc/ingestor-contract';
import {
  ExitCode,
  FIXED_COLUMNS,
  type FixedColumn,
  IngestorError,
  isStorableIdentifier,
  MAX_IDENTIFIER_LENGTH,
} from '@tracebloc/ingestor-core';
import { quote } from './names.js';
import type { TableSpec } from './types.js';

/** How a fixed column is declared; one text where both kinds of database take the same. */
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

function declaration(name: FixedColumn, kind: 'mysql' | 'sqlite'): string {
  const text = FIXED[name];
  return typeof text === 'string' ? text : text[kind];
}

/**
 * The statement that creates a dataset's table on MySQL or MariaDB. The binary collation keeps labels and data_ids that
 * differ in case or accent apart.
 */
export function createMysqlTable({ table, columns }: TableSpec): string {
  for (const { name } of columns) refuseName(name);
  const lines = FIXED_COLUMNS.map((name) => `${quote(name)} ${declaration(name, 'mysql')}`);
  for (const { name, type } of columns) {
    // Older servers make a TIMESTAMP without these words NOT NULL and let it follow the clock.
    lines.push(`${quote(name)} ${type.sql} NULL DEFAULT NULL`);
  }
  return (
    `CREATE TABLE IF NOT EXISTS ${quote(table)} (${lines.join(', ')}) ` +
    'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin'
  );
}

function refuseName(name: string): void {
  if (isStorableIdentifier(name)) return;
  throw new IngestorError({
    code: 'column-name-refused',
    message: `A table cannot have a column named ${JSON.stringify(name)}.`,
    fix: `Rename the column in the file and the schema: 1 to ${MAX_IDENTIFIER_LENGTH} characters, no emoji, no space at the end, no NUL character.`,
    exitCode: ExitCode.invalidData,
  });
}

/** Decimal digits that SQLite's numbers hold exactly. */
const SQLITE_DIGITS = 15;

/** The statements that create a dataset's table, and what keeps its `updated_at`, on SQLite. */
export function createSqliteTable({ table, columns }: TableSpec): string[] {
  for (const { name } of columns) refuseName(name);
  const lines = FIXED_COLUMNS.map((name) => `${quote(name)} ${declaration(name, 'sqlite')}`);
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

/** SQLite derives a column's storage from words in its type: TEXT keeps all digits of a long decimal. */
function sqliteType({ type }: Column): string {
  const long = type.kind === 'decimal' && (type.precision ?? 0) > SQLITE_DIGITS;
  return long ? `${type.sql} TEXT` : type.sql;
}

/** A column's type as a database describes it, in the spelling of `SqlType.sql`. */
export function canonicalType(described: string): string {
  if (described.toLowerCase() === 'tinyint(1)') return 'BOOLEAN';
  const text = described.replace(/\) TEXT$/, ')').replace(/ UNSIGNED TEXT$/, ' UNSIGNED');
  try {
    return parseSqlType(text).sql;
  } catch {
    return described.toUpperCase();
  }
}

/** Every column of a dataset's table, the fixed ones first, to its SQL type: the `schema` that the backend is told. */
export function tableSchema(columns: readonly Column[]): Record<string, string> {
  const fixed = FIXED_COLUMNS.map((name) => [name, /^[A-Z]+(\(\d+\))?/.exec(declaration(name, 'mysql'))![0]]);
  return Object.fromEntries([...fixed, ...columns.map(({ name, type }) => [name, type.sql])]) as Record<string, string>;
}
