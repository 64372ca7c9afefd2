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

it('images of one size are fine, and so is no image', () => {
  expect(findingsOf([])).toEqual([]);
  expect(
    findingsOf([
      [64, 48, 'a'],
      [64, 48, 'b'],
    ]),
  ).toEqual([]);
});

it('each rarer size is told, with its first file, in whatever order they come', () => {
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

it('of two sizes as common as each other the one of the first file is the usual', () => {
  const images = [
    [9, 9, 'b'],
    [64, 48, 'a'],
  ] as const;
  expect(findingsOf(images)).toEqual([['mixed-sizes', 'b', '9x9', '64x48, as 1 image has']]);
});
