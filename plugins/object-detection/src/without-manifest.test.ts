import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { annotationFolder } from './without-manifest.js';

async function openNames(images: readonly string[], annotations: readonly string[]) {
  const root = await mkdtemp(join(tmpdir(), 'pairs-'));
  for (const [folder, names] of Object.entries({ images, annotations })) {
    await mkdir(join(root, folder));
    for (const name of names) await writeFile(join(root, folder, name), '');
  }
  const request = { path: join(root, 'annotations'), form: 'boxes' as const, options: {}, folders: {} };
  expect(await annotationFolder.locate(request)).toEqual({
    files: [],
    folders: { images: join(root, 'images'), annotations: request.path },
  });
  const table = await annotationFolder.open(request, { report: createReport(), signal: new AbortController().signal });
  const rows: string[][] = [];
  for await (const batch of table.read(0, table.rows, [0])) rows.push(...batch.rows);
  return { table, rows };
}

it('gives a row for each annotation, with the name of its image, in the order of these names', async () => {
  const { rows, table } = await openNames(
    ['a.jpg', 'a-b.jpg', 'c.jpg', '._a.jpg'],
    ['a.xml', 'a-b.xml', 'd.XML', '.d.xml', 'e.txt'],
  );
  expect(rows).toEqual([['a-b.jpg'], ['a.jpg'], ['d']]);
  expect(table.locate!(undefined, 3)).toEqual({ file: 'annotations/d.XML' });
  expect(Array.from(table.folders.images!.files, ({ name }) => name)).toEqual(['a-b.jpg', 'a.jpg', 'c.jpg']);
  expect(Array.from(table.folders.annotations!.files, ({ name }) => name)).toEqual(['a-b.xml', 'a.xml', 'd.XML']);
});

it('is detected by its two folders', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pairs-'));
  expect(await annotationFolder.detect!(root)).toBeUndefined();
  for (const name of ['images/a.jpg', 'images/b.jpg', 'annotations/a.xml']) {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), '');
  }
  expect(await annotationFolder.detect!(root)).toEqual({
    found: 'a folder of 1 annotation, annotations/, and one of 2 images, images/',
    forms: ['boxes'],
    train: { path: join(root, 'annotations'), options: [], folders: { images: join(root, 'images') }, rows: 1 },
  });
});

it('refuses a folder without annotations, and annotations without images', async () => {
  await expect(openNames(['a.jpg'], ['a.txt'])).rejects.toThrow('has no .xml file');
  const request = { path: '/gone/annotations', form: 'boxes' as const, options: {}, folders: {} };
  await expect(annotationFolder.locate(request)).rejects.toThrow('The folder /gone/images does not exist.');
});
