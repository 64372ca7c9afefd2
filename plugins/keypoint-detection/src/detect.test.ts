import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LayoutTable, SourceFile } from '@tracebloc/ingestor-contract';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { configure } from './detect.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ingestor-keypoints-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Returns a dataset in a data layout with these files and points. */
function tableOf(files: SourceFile[], points: object): LayoutTable {
  return {
    columns: ['filename', 'Annotation', 'Visibility', 'label'].map((name) => ({ name, sql: 'TEXT' })),
    rows: 1,
    folders: { images: { name: 'images', files } },
    async *read(_from, _to, columns) {
      const cells = ['a', JSON.stringify(points), '{}', 'cat'];
      yield { rows: [columns.map((column) => cells[column]!)], lines: [1] };
    },
  };
}

async function fileOf(name: string, content: Uint8Array): Promise<SourceFile> {
  writeFileSync(join(root, name), content);
  return { name, path: join(root, name) };
}

it('says what a data layout needs: the number of points, the size, and how others are brought to it', async () => {
  const files = [
    await fileOf('a.jpg', await sampleImages.jpeg(96, 64)),
    await fileOf('b.jpg', await sampleImages.jpeg(96, 64)),
    { name: 'made.jpg', path: 'made', make: () => sampleImages.turned(6, 48, 20) },
    await fileOf('broken.jpg', Buffer.from('text')),
    { name: 'gone.jpg', path: join(root, 'gone.jpg') },
  ];
  const table = tableOf(files, { nose: [1, 2], tail: [3, 4] });
  expect(await configure(table.folders, table)).toMatchObject({
    fields: { target_size: [96, 64], number_of_keypoints: 2 },
    fileOptions: { fit: 'contain', min_size: [20, 32] },
  });
  const same = tableOf(files.slice(0, 2), {});
  expect(await configure(same.folders, same)).toMatchObject({ fields: { target_size: [96, 64] }, fileOptions: {} });
  expect((await configure(same.folders)).fields).toEqual({ target_size: [96, 64] });
});
