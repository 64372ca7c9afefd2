import type { DatabaseSync } from 'node:sqlite';
import { quote } from '../tables/names.js';

/**
 * Renames the staging table to `table` and drops a table of that name. The caller has begun a transaction. The triggers are
 * created again, because the database renames the table alone; see `openFile`.
 */
export function replaceTable(database: DatabaseSync, staging: string, table: string): void {
  const own = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?`);
  const triggers = own.all(staging) as { name: string; sql: string }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${quote(name)}`);
  database.exec(`DROP TABLE IF EXISTS ${quote(table)}`);
  database.exec(`ALTER TABLE ${quote(staging)} RENAME TO ${quote(table)}`);
  for (const { sql } of triggers) database.exec(sql.replaceAll(quote(staging), () => quote(table)));
}
