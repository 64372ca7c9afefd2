import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Column } from '@tracebloc/ingestor-contract';
import { checksumColumns, type StoredRow } from '../checksums/column-checksums.js';
import { quote } from '../tables/names.js';
import { retryWhileLocked } from './busy.js';
import { PAGE_TEXT, type CellReader, type GuardedCells } from '../read-back/types.js';

/** The limit of cells in a page; wide tables have fewer rows in it. */
const PAGE_CELLS = 100_000;
/** Columns of at most this many characters are not measured. */
const SHORT = 255;

/**
 * Reads the table's cells. A page's size in bytes is read first: reading row by row, to stop at the limit, would take a
 * third longer.
 */
export function readCellsOf(
  database: DatabaseSync,
  table: string,
  columns: readonly Column[],
  signal?: AbortSignal,
): CellReader {
  const all = checksumColumns(columns);
  const most = Math.max(1, Math.floor(PAGE_CELLS / all.length));
  const page = `FROM ${quote(table)} WHERE id > ? ORDER BY id LIMIT ?`;
  const cells = database.prepare(`SELECT id, ${all.map(asRead).join(', ')} ${page}`);
  cells.setReturnArrays(true);
  const lengths = all.filter(isLong).map(({ name }) => `COALESCE(OCTET_LENGTH(${quote(name)}), 0)`);
  const text = database.prepare(`SELECT SUM(bytes) AS bytes FROM (SELECT ${sum(lengths)} AS bytes ${page})`);
  return {
    async read(afterId, limit) {
      // Signals and timers are handled between two pages.
      await setImmediate();
      const rows = Math.min(limit, most);
      return retryWhileLocked(() => {
        const { bytes } = text.get(afterId, rows) as { bytes: number | null };
        if ((bytes ?? 0) <= PAGE_TEXT) return cells.all(afterId, rows) as unknown as StoredRow[];
        return readUpTo(PAGE_TEXT, cells.iterate(afterId, rows) as unknown as Iterable<StoredRow>);
      }, signal);
    },
    close: async () => undefined,
  };
}

/** Reads rows that others may change; see `fileVersion`. Closing it closes the database. */
export function readGuarded(database: DatabaseSync, table: string, columns: readonly Column[]): GuardedCells {
  const others = database.prepare(`SELECT 1 FROM ${quote(table)} WHERE id > ? OR id < 1 LIMIT 1`);
  return {
    ...readCellsOf(database, table, columns),
    isAll: (lastId) => retryWhileLocked(() => others.get(lastId) === undefined),
    close: async () => database.close(),
  };
}

/** Returns a number that changes when another connection than this one, or another process, commits to the file. */
export function fileVersion(database: DatabaseSync): number {
  return (database.prepare('PRAGMA data_version').get() as { data_version: number }).data_version;
}

/** Reads integers as text: Node refuses those that a double cannot hold. */
function asRead({ name, type: { kind } }: Column): string {
  return kind === 'integer' ? `CAST(${quote(name)} AS TEXT)` : quote(name);
}

function isLong({ type: { kind, length = Infinity } }: Column): boolean {
  return kind === 'text' && length > SHORT;
}

/** SQLite's expressions have a depth of at most 1000, and each term of a sum is deeper than the one before. */
function sum(terms: readonly string[]): string {
  const most = 100;
  const groups = Array.from({ length: Math.ceil(terms.length / most) }, (_, group) =>
    terms.slice(group * most, (group + 1) * most).join(' + '),
  );
  return groups.map((group) => `(${group})`).join(' + ');
}

function readUpTo(most: number, source: Iterable<StoredRow>): StoredRow[] {
  const rows: StoredRow[] = [];
  let text = 0;
  for (const row of source) {
    rows.push(row);
    for (const cell of row) if (typeof cell === 'string') text += cell.length;
    if (text > most) break;
  }
  return rows;
}
