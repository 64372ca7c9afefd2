import { expect, it } from '@jest/globals';
import { MadeFolder } from './rows.js';
import type { AnnotatedSource } from './types.js';

const NAMES = ['a-b.jpg', 'a.jpg', 'a.x.jpg', 'b', 'c.JPG'];

const source: AnnotatedSource = {
  images: NAMES.map((name) => ({ name, path: `/images/${name}` })),
  classes: [],
  pointedOf: () => 0,
  load: async (index) => ({ width: index + 1, height: 1, objects: [] }),
  placeOf: (index, object) => ({
    file: 'labels.json',
    row: index,
    ...(object !== undefined && { column: String(object) }),
  }),
};
const folder = new MadeFolder('masks', source, {
  suffix: '_mask.png',
  make: ({ width }, { name }) => Buffer.from(`${name} ${width}`),
});

it('has a file for each image, which is made of it', async () => {
  const files = [...folder.files];
  expect(files.map(({ name }) => name)).toEqual([
    'a-b_mask.png',
    'a_mask.png',
    'a.x_mask.png',
    'b_mask.png',
    'c_mask.png',
  ]);
  expect(files[1]!.path).toBe('/images/a.jpg#masks');
  expect(Buffer.from(await files[1]!.make!()).toString()).toBe('a.jpg 2');
});

it('finds the image of each file', () => {
  for (const [at, { name }] of [...folder.files].entries()) {
    expect(folder.locate(`masks/${name}`, undefined)).toEqual({ file: 'labels.json', row: at });
    expect(folder.locate(`masks/${name}`, 7, (row) => row - 4)).toEqual({ file: 'labels.json', row: at, column: '3' });
  }
  for (const name of ['masks/d_mask.png', 'masks/a.png', 'images/a_mask.png']) {
    expect(folder.locate(name, undefined)).toBeUndefined();
  }
});
