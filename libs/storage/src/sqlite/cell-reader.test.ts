import { DatabaseSync } from 'node:sqlite';
import { expect, it } from '@jest/globals';
import { columns } from '../test-support/records.test-support.js';
import { createSqliteTable } from '../tables/layout.js';
import { readCellsOf } from './cell-reader.js';

/** Creates a table in which every tenth row has cells of `long` characters. */
function tableOf(types: Record<string, string>, rows: number, long: number): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const statement of createSqliteTable({ table: 't', columns: columns(types) })) database.exec(statement);
  const names = Object.keys(types);
  const insert = database.prepare(
    `INSERT INTO t (data_id, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})`,
  );
  for (let row = 0; row < rows; row++) {
    insert.run(`${row}`, ...names.map((name) => (row % 10 === 9 ? name.padEnd(long, 'x') : name)));
  }
  return database;
}

async function pagesOf(database: DatabaseSync, types: Record<string, string>, limit: number) {
  const reader = readCellsOf(database, 't', columns(types));
  const pages: { ids: number[]; text: number }[] = [];
  for (let after = 0; ;) {
    const rows = await reader.read(after, limit);
    if (rows.length === 0) return pages;
    const text = rows.flat().reduce<number>((sum, cell) => sum + String(cell ?? '').length, 0);
    pages.push({ ids: rows.map(([id]) => id), text });
    after = rows.at(-1)![0];
  }
}

const upTo = (rows: number) => Array.from({ length: rows }, (_, index) => index + 1);

it('pages of long rows end early, and together contain every row once', async () => {
  const types = { a: 'TEXT', b: 'VARCHAR(16000)' };
  const pages = await pagesOf(tableOf(types, 100, 1_500_000), types, 1000);
  expect(pages.flatMap(({ ids }) => ids)).toEqual(upTo(100));
  expect(pages.length).toBeGreaterThan(4);
  for (const { text } of pages) expect(text).toBeLessThan(8 << 20);
});

it('pages of wide tables have fewer rows', async () => {
  const types = Object.fromEntries(
    Array.from({ length: 995 }, (_, index) => [`c${index}`, index % 2 === 0 ? 'TEXT' : 'VARCHAR(20)']),
  );
  const pages = await pagesOf(tableOf(types, 250, 10), types, 1000);
  expect(pages.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
});

it('pages of short rows have the requested number of rows', async () => {
  const pages = await pagesOf(tableOf({ a: 'TEXT' }, 250, 10), { a: 'TEXT' }, 100);
  expect(pages.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
});
