import { expect, it } from '@jest/globals';
import { counted, halvesOf, splitOf } from './halves.js';

it.each<[string[], string | undefined, string | undefined, number]>([
  [['train', 'val', 'test'], 'train', 'test', 1],
  [['train', 'val'], 'train', 'val', 1],
  [['test', 'train'], 'train', 'test', 0],
  [['val', 'test'], 'val', 'test', 0],
  [['other'], 'other', undefined, 0],
  [['test'], 'test', undefined, 0],
  [['a', 'test', 'b'], 'a', 'test', 1],
  [[], undefined, undefined, 0],
])('makes halves of %j', (names, train, test, doubts) => {
  const halves = halvesOf(new Map(names.map((path) => [path, { path, options: [] }])));
  expect([halves?.train.path, halves?.test?.path, halves?.doubts?.length ?? 0]).toEqual([train, test, doubts]);
});

it.each([
  ['instances_train2017.json', 'train'],
  ['valid', 'val'],
  ['person_keypoints_val', 'val'],
  ['Testing', 'test'],
  ['training set', 'train'],
  ['latest', undefined],
])('finds the split in %j', (name, split) => {
  expect(splitOf(name)).toBe(split);
});

it('counts with the right word', () => {
  expect([counted(1, 'class'), counted(2, 'class'), counted(0, 'image')]).toEqual(['1 class', '2 classes', '0 images']);
});
