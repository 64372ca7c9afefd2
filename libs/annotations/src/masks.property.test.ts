import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReport, type SidecarFile } from '@tracebloc/ingestor-dataset';
import { readIndices } from '@tracebloc/ingestor-images';
import { labeller, maskOf } from './masks.js';
import { writePng } from './png.js';
import { encodeRuns, runsOf, slowMask } from './reference.test-support.js';
import { areRunsOf, decodeRuns } from './rle.js';

const size = fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) });
// Halves are the centres of pixels, where ties are.
const coordinate = fc.oneof(
  fc.integer({ min: -8, max: 56 }).map((half) => half / 2),
  fc.double({ min: -4, max: 28, noNaN: true }),
);
const polygon = fc
  .array(coordinate, { minLength: 6, maxLength: 16 })
  .map((list) => list.slice(0, list.length - (list.length % 2)));
const objects = fc.array(
  fc.record({ value: fc.integer({ min: 1, max: 3 }), polygons: fc.array(polygon, { maxLength: 3 }) }),
  { maxLength: 4 },
);
const CLASSES = new Map([
  ['a', 1],
  ['b', 2],
  ['c', 3],
]);
const nameOf = (value: number): string => [...CLASSES.keys()][value - 1]!;

it('fills polygons as the slow rule says, later objects over earlier ones', () => {
  fc.assert(
    fc.property(size, objects, ({ width, height }, list) => {
      const named = list.map(({ value, polygons }) => ({ className: nameOf(value), polygons }));
      const { pixels } = maskOf({ width, height, objects: named }, CLASSES);
      expect([...pixels]).toEqual(slowMask(width, height, list));
    }),
  );
});

describe('runs', () => {
  const mask = size.chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, pixels })),
  );

  it('become the pixels that they were made of', () => {
    fc.assert(
      fc.property(mask, ({ width, height, pixels }) => {
        const counts = runsOf(width, height, pixels);
        const read = decodeRuns(encodeRuns(counts));
        expect(read).toEqual(counts);
        expect(areRunsOf(counts, width, height)).toBe(true);
        const image = { width, height, objects: [{ className: 'a', runs: { width, height, counts: read! } }] };
        expect([...maskOf(image, CLASSES).pixels]).toEqual(pixels);
      }),
    );
  });

  it('are read however long they are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 30 - 1 })), (counts) => {
        expect(decodeRuns(encodeRuns(counts))).toEqual(counts);
      }),
    );
  });

  it.each(['ä', 'P', '/', 'oooooooooooo'])('refuses %j', (text) => {
    expect(decodeRuns(text)).toBeUndefined();
  });

  it('reads what pycocotools writes', () => {
    // A mask of 6 by 5 pixels: a square at 1, 1 and single pixels at 4, 0 and 5, 4.
    const counts = decodeRuns('623000OO60')!;
    expect(counts).toEqual([6, 2, 3, 2, 3, 2, 2, 1, 8, 1]);
    const { pixels } = maskOf(
      { width: 6, height: 5, objects: [{ className: 'a', runs: { width: 6, height: 5, counts } }] },
      CLASSES,
    );
    expect([...pixels.keys()].filter((at) => pixels[at] === 1)).toEqual([4, 7, 8, 9, 13, 14, 15, 29]);
  });
});

it('writes PNG files that are read as the same indices, with the same bytes each time', async () => {
  await fc.assert(
    fc.asyncProperty(
      size.chain(({ width, height }) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height })
          .map((pixels) => ({ width, height, pixels })),
      ),
      async (mask) => {
        const bytes = await writePng(mask);
        expect((await writePng(mask)).equals(bytes)).toBe(true);
        const report = createReport();
        const file: SidecarFile = {
          stem: 'a',
          extension: '.png',
          shown: 'a.png',
          path: 'a.png',
          size: 0,
          repeated: false,
          make: async () => bytes,
        };
        const indices = (await readIndices(file, report))!;
        const pixels: number[] = [];
        for await (const row of indices.rows) pixels.push(...row);
        expect(report.findings()).toEqual([]);
        expect([indices.width, indices.height, indices.bits, pixels]).toEqual([
          mask.width,
          mask.height,
          8,
          [...mask.pixels],
        ]);
      },
    ),
  );
});

describe('labels', () => {
  it.each([
    [['cat', 'dog'], ['dog', 'cat'], 'cat dog'],
    [['cat', 'big dog'], ['cat', 'big dog'], 'big dog, cat'],
    [['cat', 'big dog', 'a, b'], ['cat', 'big dog'], 'big dog; cat'],
    [['cat'], [], 'background'],
  ])('of the classes %j in %j are told apart', (classes, present, label) => {
    expect(labeller(classes)(new Set(present))).toEqual({ label, rest: 0 });
  });

  it('end in the number of the classes for which there is no room', () => {
    const names = Array.from({ length: 60 }, (_, at) => `class${at + 10}`);
    const { label, rest } = labeller(names)(new Set(names));
    expect(label).toHaveLength(251);
    expect(label).toMatch(/ class40 \+29$/);
    expect(rest).toBe(29);
  });
});
