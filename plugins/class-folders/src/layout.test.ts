import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { DataForm, JsonObject } from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';
import { classFolders } from './layout.js';

async function openNames(names: readonly string[], options: JsonObject = {}, form: DataForm = 'image_classes') {
  const path = await mkdtemp(join(tmpdir(), 'classes-'));
  for (const name of names) {
    const isFolder = name.endsWith('/');
    await mkdir(isFolder ? join(path, name) : dirname(join(path, name)), { recursive: true });
    if (!isFolder) await writeFile(join(path, name), '');
  }
  const report = createReport();
  const request = { path, form, options, folders: {} };
  const places = await classFolders.locate(request);
  const table = await classFolders.open(request, { report, signal: new AbortController().signal });
  const rows: string[][] = [];
  for await (const batch of table.read(0, table.rows, [0, 1])) rows.push(...batch.rows);
  const files = [...(table.folders.images ?? table.folders.texts!).files].map(({ name, path: at }) => [
    name,
    at.slice(path.length + 1),
  ]);
  return { path, rows, files, places, table, findings: report.findings(), notes: report.notes() };
}

it('gives a row for each file, with the name of its folder as the class', async () => {
  const { rows, findings, notes, table, places, path } = await openNames([
    'cats/b.jpg',
    'dogs/a.jpg',
    'cats/.DS_Store',
    '.git/x.jpg',
  ]);
  expect(rows).toEqual([
    ['a.jpg', 'dogs'],
    ['b.jpg', 'cats'],
  ]);
  expect([findings, notes]).toEqual([[], []]);
  expect(table.locate!(undefined, 1)!.file).toMatch(/\/dogs\/a\.jpg$/);
  expect(places).toEqual({
    files: [],
    folders: { images: path, 'images/cats': join(path, 'cats'), 'images/dogs': join(path, 'dogs') },
  });
});

it('puts the class before all names if two files have the same name', async () => {
  const { rows, files, notes } = await openNames(['good/part_1.jpg', 'bad/part_1.jpg', 'bad/part_2.jpg']);
  expect(rows).toEqual([
    ['bad_part_1.jpg', 'bad'],
    ['bad_part_2.jpg', 'bad'],
    ['good_part_1.jpg', 'good'],
  ]);
  expect(files[0]).toEqual(['bad_part_1.jpg', 'bad/part_1.jpg']);
  expect(notes).toHaveLength(1);
});

const SPLIT = ['train/cats/a.jpg', 'train/dogs/b.jpg', 'Validation/cats/c.jpg', 'test/cats/d.jpg'];

it.each<[JsonObject, string[]]>([
  [{}, ['a.jpg', 'b.jpg']],
  [{ split: 'train' }, ['a.jpg', 'b.jpg']],
  [{ split: 'val' }, ['c.jpg']],
  [{ split: 'test' }, ['d.jpg']],
])('reads the split of %j', async (options, names) => {
  const { rows, notes } = await openNames(SPLIT, options);
  expect(rows.map(([name]) => name)).toEqual(names);
  expect(notes).toHaveLength(1);
});

it('takes test for a class beside other classes', async () => {
  const { rows } = await openNames(['test/a.jpg', 'other/b.jpg']);
  expect(rows.map(([, label]) => label)).toEqual(['test', 'other']);
});

it.each<[JsonObject, string[]]>([
  [{}, ['cats/black', 'cats']],
  [{ nested: 'first' }, ['cats', 'cats']],
])('takes nested folders by %j', async (options, labels) => {
  const { rows, notes } = await openNames(['cats/black/a.jpg', 'cats/b.jpg'], options);
  expect(rows.map(([, label]) => label)).toEqual(labels);
  expect(notes).toHaveLength(1);
});

it('reads texts', async () => {
  const { rows, findings } = await openNames(['neg/1.txt', 'pos/2.TXT', 'pos/x.jpg'], {}, 'text_classes');
  expect(rows).toEqual([
    ['1.txt', 'neg'],
    ['2.TXT', 'pos'],
  ]);
  expect(findings).toMatchObject([{ code: 'left-out-files', message: '1 files have other extensions: pos/x.jpg.' }]);
});

it('reads texts whose names have no extension, and stores them with one', async () => {
  const { rows, files, findings } = await openNames(['space/60862', 'sport/51060', 'sport/README'], {}, 'text_classes');
  expect(rows).toEqual([
    ['51060.txt', 'sport'],
    ['60862.txt', 'space'],
  ]);
  expect(files[0]).toEqual(['51060.txt', 'sport/51060']);
  expect(findings).toMatchObject([{ code: 'left-out-files', message: '1 files have other extensions: sport/README.' }]);
});

it('tells what is left out', async () => {
  const { findings } = await openNames(['a/1.jpg', 'a/1.txt', 'b/', 'loose.jpg', 'ingest.yaml']);
  expect(findings.map(({ code, message }) => [code, message])).toEqual([
    ['left-out-files', '1 files have other extensions: a/1.txt.'],
    ['loose-files', '1 files are beside the folders of the classes: loose.jpg.'],
    ['empty-class-folder', 'The folder has no file that is read.'],
  ]);
});

it('refuses a folder without folders, and a split that it does not have', async () => {
  await expect(openNames(['1.jpg'])).rejects.toThrow(/has no folder with images/);
  await expect(openNames(['a/1.jpg'], { split: 'test' })).rejects.toThrow(/has no split test/);
});
