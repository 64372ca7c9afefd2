import { expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { SizeCheck } from './size-check.js';

function findingsOf(images: readonly (readonly [width: number, height: number, file: string])[]) {
  const check = new SizeCheck();
  for (const [width, height, file] of images) check.add({ width, height }, file);
  const report = createReport();
  check.finish(report);
  return report.findings().map(({ code, file, value, expected }) => [code, file, value, expected]);
}

it('finds nothing wrong with images of one size, and without images', () => {
  expect(findingsOf([])).toEqual([]);
  expect(
    findingsOf([
      [64, 48, 'a'],
      [64, 48, 'b'],
    ]),
  ).toEqual([]);
});

it('reports each rarer size with its first file, in any order of the images', () => {
  const images = [
    [64, 48, 'a'],
    [64, 48, 'b'],
    [48, 64, 'c'],
    [48, 64, 'd'],
    [64, 48, 'e'],
    [9, 9, 'f'],
  ] as const;
  const expected = [
    ['mixed-sizes', 'c', '48x64', '64x48, as 3 images have'],
    ['mixed-sizes', 'f', '9x9', '64x48, as 3 images have'],
  ];
  expect(findingsOf(images)).toEqual(expected);
  expect(findingsOf([...images].reverse())).toEqual(expected);
});

it('takes the size of the first file as the usual one when two are equally common', () => {
  const images = [
    [9, 9, 'b'],
    [64, 48, 'a'],
  ] as const;
  expect(findingsOf(images)).toEqual([['mixed-sizes', 'b', '9x9', '64x48, as 1 image has']]);
});
