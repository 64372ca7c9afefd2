import type { RowDataPacket } from 'mysql2/promise';
import type mysql2 from 'mysql2';
import type { Sequelize } from 'sequelize';
import type { Column } from '@tracebloc/ingestor-contract';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { quote } from '../names.js';
import type { CellPage } from '../sql-database.js';

/**
 * Reads rows by a prepared statement: numbers then travel as bits, which is as exact as it gets and takes a quarter of the
 * time that it takes the server to write them as text.
 */
export async function readCells(
  sequelize: Sequelize,
  table: string,
  columns: readonly Column[],
  { afterId, limit }: CellPage,
): Promise<StoredRow[]> {
  const cells = checksumColumns(columns).map(asRead).join(', ');
  const sql =
    `SELECT id, ${cells} FROM ${quote(table)} WHERE id > CAST(? AS SIGNED) ` + `ORDER BY id LIMIT ${Math.trunc(limit)}`;
  const pool = sequelize.connectionManager;
  const pooled = (await pool.getConnection({ type: 'read' })) as mysql2.Connection;
  try {
    const statement = { sql, rowsAsArray: true };
    const [rows] = await pooled.promise().execute<RowDataPacket[][]>(statement, [String(Math.trunc(afterId))]);
    return rows as unknown as StoredRow[];
  } finally {
    pool.releaseConnection(pooled);
  }
}

/** The driver would make another value of what is cast here: digits lost, or a date of its own. */
function asRead({ name, type: { kind, name: typeName } }: Column): string {
  const isDate = kind === 'date' || kind === 'datetime' || kind === 'time';
  return isDate || typeName === 'BIGINT' ? `CAST(${quote(name)} AS CHAR)` : quote(name);
}
