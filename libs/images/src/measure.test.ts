import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Survey } from '@tracebloc/ingestor-contract';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { measureImages, neededMinSize } from './measure.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-measure-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const survey = (): Survey => ({ root: folder, manifests: [], folders: [] });
const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes);

it('counts the sizes of all images with the extension, as stored and as shown', async () => {
  for (let index = 0; index < 20; index++) write(`${index}.jpg`, await sampleImages.turned(6, 64, 48));
  write('upright.JPG', await sampleImages.jpeg(40, 30));
  write('other.png', await sampleImages.png(10, 10));
  write('.hidden.jpg', await sampleImages.jpeg(11, 11));
  write('broken.jpg', 'text');
  mkdirSync(join(folder, 'folder.jpg'));
  expect(await measureImages(survey(), folder, '.jpg')).toEqual({
    stored: [
      { width: 64, height: 48, count: 20 },
      { width: 40, height: 30, count: 1 },
    ],
    upright: [
      { width: 48, height: 64, count: 20 },
      { width: 40, height: 30, count: 1 },
    ],
  });
});

it('measures a folder once for all tasks that look at one survey', async () => {
  write('a.jpg', await sampleImages.jpeg(40, 30));
  const one = survey();
  const first = await measureImages(one, folder, '.jpg');
  write('b.jpg', await sampleImages.jpeg(40, 30));
  expect(await measureImages(one, folder, '.jpg')).toBe(first);
  expect((await measureImages(survey(), folder, '.jpg')).stored).toEqual([{ width: 40, height: 30, count: 2 }]);
});

it.each([
  [[], undefined],
  [[{ width: 32, height: 32 }], undefined],
  [
    [
      { width: 64, height: 20 },
      { width: 28, height: 90 },
    ],
    [28, 20],
  ],
  [[{ width: 28, height: 90 }], [28, 32]],
])('lowers the least size only as far as images need it: %j', (sizes, needed) => {
  expect(neededMinSize(sizes, [32, 32])).toEqual(needed);
});
