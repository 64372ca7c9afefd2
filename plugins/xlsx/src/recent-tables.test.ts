import { expect, it } from '@jest/globals';
import type { FileTable } from '@tracebloc/ingestor-contract';
import { RecentTables } from './recent-tables.js';
import { workbook } from './workbook.test-support.js';
import { xlsx } from './xlsx.js';

const openBook = (content: Uint8Array, options = {}): Promise<FileTable> =>
  xlsx.open({ path: 'data.xlsx', size: content.length, read: async () => content }, options);

it('a workbook is parsed once, unless its content or its options are others', async () => {
  const book = workbook({ A: [['a'], [1]], B: [['b'], [2]] });
  const table = await openBook(book, { sheet: 'A' });
  expect(await openBook(Uint8Array.from(book), { sheet: 'A' })).toBe(table);
  const other = await openBook(book, { sheet: 'B' });
  expect([table.columns, other.columns]).toEqual([[{ name: 'a' }], [{ name: 'b' }]]);
  const changed = await openBook(workbook({ A: [['a'], [3]], B: [['b'], [2]] }), { sheet: 'A' });
  for await (const { rows } of changed.read(0, 1, [0])) expect(rows).toEqual([['3']]);
  await expect(openBook(book, { sheet: 'C' })).rejects.toThrow('no sheet of the name');
  await expect(openBook(book, { sheet: 'C' })).rejects.toThrow('no sheet of the name');
});

it('the oldest tables are forgotten before another one would be too many bytes', async () => {
  const recent = new RecentTables(10);
  const reads: string[] = [];
  const get = (key: string, size: number) =>
    recent.get(key, async (makeRoom) => {
      makeRoom(size);
      reads.push(key);
      return { columns: [], rows: 0, read: async function* () {} };
    });
  for (const key of ['a', 'b', 'a', 'b']) await get(key, 5);
  expect(reads).toEqual(['a', 'b']);
  await get('c', 5);
  for (const key of ['b', 'c', 'a']) await get(key, 5);
  expect(reads).toEqual(['a', 'b', 'c', 'a']);
  await get('large', 20);
  await get('large', 20);
  await get('c', 5);
  expect(reads).toEqual(['a', 'b', 'c', 'a', 'large', 'c']);
});
