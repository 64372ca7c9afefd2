import { expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { SizeCheck } from './size-check.js';

function findingsOf(images: readonly (readonly [width: number, height: number, file: string])[]) {
  const check = new SizeCheck();
  for (const [width, height, file] of images) check.add({ width, height }, file);
  const report = createReport();
  check.finish(report);
  return report.findings().map(({ code, file, value, expected, message }) => [code, file, value, expected, message]);
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

it('lists the sizes with their numbers and first files, in any order of the images', () => {
  const images = [
    [64, 48, 'a'],
    [64, 48, 'b'],
    [48, 64, 'c'],
    [48, 64, 'd'],
    [64, 48, 'e'],
    [9, 9, 'f'],
  ] as const;
  const message = 'The images have 3 sizes: 64x48 (3 images), 48x64 (2, first c), 9x9 (1, f).';
  const expected = [['mixed-sizes', 'c', '48x64', '64x48, as 3 images have', message]];
  expect(findingsOf(images)).toEqual(expected);
  expect(findingsOf([...images].reverse())).toEqual(expected);
});

it('lists five sizes, and counts the others', () => {
  const images = Array.from({ length: 36 }, (_, index) => {
    // Of the size of 10 plus n pixels there are n images.
    const side = 10 + Math.ceil((Math.sqrt(8 * (index + 1) + 1) - 1) / 2);
    return [side, side, String(index).padStart(2, '0')] as const;
  });
  const [[, , , , message] = []] = findingsOf(images);
  expect(message).toBe(
    'The images have 8 sizes: 18x18 (8 images), 17x17 (7, first 21), 16x16 (6, first 15), 15x15 (5, first 10), 14x14 (4, first 06), 3 other sizes (6).',
  );
});

it('takes the size of the first file as the usual one when two are equally common', () => {
  const images = [
    [9, 9, 'b'],
    [64, 48, 'a'],
  ] as const;
  expect(findingsOf(images)[0]!.slice(0, 4)).toEqual(['mixed-sizes', 'b', '9x9', '64x48, as 1 image has']);
});
