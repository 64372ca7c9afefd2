import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { readColours } from './colours.js';
import { readUprightSize } from './upright-size.js';

async function pathOf(bytes: Uint8Array | string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'sizes-')), 'a.jpg');
  await writeFile(path, bytes);
  return path;
}

it.each<[string, () => Promise<Buffer>, [number, number]]>([
  ['JPEG', () => sampleImages.jpeg(40, 30), [40, 30]],
  ['PNG', () => sampleImages.png(40, 30), [40, 30]],
  ['a JPEG that is upside down', () => sampleImages.turned(3, 40, 30), [40, 30]],
  ['a JPEG on its side', () => sampleImages.turned(6, 40, 30), [30, 40]],
])('reads the size of %s as it is shown', async (_what, make, [width, height]) => {
  expect(await readUprightSize(await pathOf(await make()))).toEqual({ width, height });
});

it('knows no size of what is not an image', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sizes-'));
  await mkdir(join(folder, 'a.jpg'));
  for (const path of [await pathOf('text'), await pathOf(''), join(folder, 'a.jpg'), join(folder, 'gone.jpg')]) {
    expect(await readUprightSize(path)).toBeUndefined();
  }
});

it('reads colours without alpha, and none of what does not decode', async () => {
  const read = await readColours(await pathOf(await sampleImages.alpha(5, 4)));
  expect([read!.width, read!.height, read!.pixels.length]).toEqual([5, 4, 60]);
  expect(await readColours(await pathOf('text'))).toBeUndefined();
});
