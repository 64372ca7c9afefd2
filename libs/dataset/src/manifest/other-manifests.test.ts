import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readOtherManifests } from './other-manifests.js';
import { csvFormat, temporaryFolder } from './reading.test-support.js';

it('reads the column of each manifest, in the dialect of the dataset, and passes over those that have none', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'folder.csv'));
  const paths = [
    folder.write('label;filename\nx;a.jpg\ny;"b;c.jpg"\n', 'one.csv'),
    join(folder.path, 'gone.csv'),
    join(folder.path, 'folder.csv'),
    folder.write('label;other\nx;d.jpg\n', 'two.csv'),
    folder.write('', 'empty.csv'),
    folder.write('filename;n\ne.jpg;1\nragged\nf.jpg;2\n', 'three.csv'),
  ];
  const options = { format: 'csv', csv: { ...csvFormat, delimiter: ';' }, missing: 'empty' } as const;
  const names: string[] = [];
  const { signal } = new AbortController();
  for await (const name of readOtherManifests(paths, options, 'filename', signal)) names.push(name);
  expect(names).toEqual(['a.jpg', 'b;c.jpg', 'e.jpg', 'f.jpg']);
});

it('is interrupted by its signal', async () => {
  using folder = temporaryFolder();
  const path = folder.write('filename\na\n', 'one.csv');
  const options = { format: 'csv', csv: csvFormat, missing: 'empty' } as const;
  const names = readOtherManifests([path], options, 'filename', AbortSignal.abort());
  await expect(names.next()).rejects.toMatchObject({ code: 'interrupted' });
});
