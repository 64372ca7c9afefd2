import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { folderOf, openLayout, type Opened } from '../layout.test-support.js';
import { oneHot } from './layout.js';

async function openTable(text: string): Promise<Opened & { root: string }> {
  const root = await folderOf({
    'train/_classes.csv': text,
    'train/a.jpg': 'x',
    'train/b, "c".jpg': 'x',
    'train/._a.jpg': '',
  });
  return { root, ...(await openLayout(oneHot, join(root, 'train/_classes.csv'), 'image_classes')) };
}

it('gives the class of each row that has one 1', async () => {
  const { rows, files, findings, table, root } = await openTable(
    '\u{feff}filename, cat, "dog, small"\r\n"b, ""c"".jpg", 0, 1\r\n\r\na.jpg, 1, 0\r\n',
  );
  expect(rows).toEqual([
    ['a.jpg', 'cat'],
    ['b, "c".jpg', 'dog, small'],
  ]);
  expect(Object.keys(files)).toEqual(['images/a.jpg', 'images/b, "c".jpg']);
  expect(findings).toEqual([]);
  expect(table.locate!(undefined, 1)).toEqual({ file: join(root, 'train/_classes.csv'), row: 4, column: 'filename' });
});

it.each([
  ['a.jpg, 0, 0', 'not-one-class'],
  ['a.jpg, 1, 1', 'not-one-class'],
  ['a.jpg, 1', 'not-zero-or-one'],
  ['a.jpg, 0.5, 1', 'not-zero-or-one'],
])('reports the row %j', async (row, code) => {
  const { findings, rows } = await openTable(`filename,cat,dog\n${row}\n`);
  expect(findings).toMatchObject([{ code, row: 2, severity: 'error' }]);
  expect(rows).toEqual([]);
});

it.each(['filename,label\na.jpg,cat\n', 'name,cat,dog\n', ''])('refuses the table %j', async (text) => {
  await expect(openTable(text)).rejects.toThrow(/no header of `filename`/);
});
