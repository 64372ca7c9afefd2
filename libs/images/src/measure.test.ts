import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Survey } from '@tracebloc/ingestor-contract';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { encodeBmp } from './bmp.test-support.js';
import { listSizes, measureImages, neededMinSize } from './measure.js';
import { noise } from './picture.test-support.js';

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
  write('upright.png', await sampleImages.png(10, 10));
  write('.hidden.jpg', await sampleImages.jpeg(11, 11));
  write('broken.jpg', 'text');
  mkdirSync(join(folder, 'folder.jpg'));
  const { all, ...own } = await measureImages(survey(), folder, '.jpg');
  expect(own).toEqual({
    stored: [
      { width: 64, height: 48, count: 20 },
      { width: 40, height: 30, count: 1 },
    ],
    upright: [
      { width: 48, height: 64, count: 20 },
      { width: 40, height: 30, count: 1 },
    ],
    conversions: [],
    turned: 20,
    grey: 0,
    coloured: 21,
  });
  expect(all).toMatchObject({ coloured: 22, conversions: [['PNG', 1]] });
  expect(all.upright.at(-1)).toEqual({ width: 10, height: 10, count: 1 });
});

it('counts what would have to be converted', async () => {
  write('a.png', await sampleImages.png(40, 30));
  write('b.png', await sampleImages.png16(40, 30));
  write('c.png', await sampleImages.alpha(40, 30));
  write('d.png', await sampleImages.jpeg(40, 30));
  write('e.bmp', encodeBmp(noise(8 * 8 * 3), 8, 8, 24));
  write('f.gif', await sampleImages.gif(8, 8));
  const { conversions, all } = await measureImages(survey(), folder, '.png');
  expect(conversions).toEqual([
    ['16 bit', 1],
    ['JPEG', 1],
    ['RGB with alpha', 1],
  ]);
  expect(all.conversions.filter(([kind]) => /BMP|GIF/.test(kind))).toEqual([
    ['BMP', 1],
    ['GIF', 1],
  ]);
});

it('lists the most common sizes', () => {
  const sizes = [9, 5, 4, 3, 2, 1, 1].map((count, at) => ({ width: at + 1, height: 8, count }));
  expect(listSizes(sizes)).toBe('7 sizes: 1x8 (9 images), 2x8 (5), 3x8 (4), 4x8 (3), 5x8 (2), 2 other sizes (2)');
  expect(listSizes(sizes.slice(6))).toBe('1 size: 7x8 (1 image)');
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
