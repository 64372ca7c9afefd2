import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createReport } from '../findings/report.js';
import { SidecarFolder } from './sidecar-folder.js';

it('finds files that a data layout gives: on disk, made and missing ones, and none outside of their folder', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'given-')));
  await mkdir(join(root, 'data'));
  await writeFile(join(root, 'outside.jpg'), 'x');
  await writeFile(join(root, 'data/a.jpg'), 'abc');
  await symlink(join(root, 'outside.jpg'), join(root, 'data/link.jpg'));
  const within = join(root, 'data');
  const files = [
    { name: 'a.jpg', path: join(within, 'a.jpg'), within },
    { name: 'gone.jpg', path: join(within, 'gone.jpg'), within },
    { name: 'link.jpg', path: join(within, 'link.jpg'), within },
    { name: 'made.jpg', path: join(within, 'data.json#1'), make: async () => Buffer.from('made') },
  ];
  const folder = await SidecarFolder.open({ name: 'images', files }, '.jpg');
  const report = createReport();
  const found = await Promise.all(files.map(({ name }) => folder.find(name, { report, file: 'data.json', row: 1 })));
  expect(found.map((file) => file?.size)).toEqual([3, undefined, undefined, 0]);
  expect(found[0]).toMatchObject({ stem: 'a', path: join(within, 'a.jpg'), shown: 'images/a.jpg', within });
  expect(Buffer.from(await found[3]!.make!()).toString()).toBe('made');
  expect(report.findings()).toMatchObject([
    { code: 'missing-file', value: 'gone.jpg', expected: join(within, 'gone.jpg') },
    { code: 'unsafe-filename', value: 'link.jpg' },
  ]);
});
