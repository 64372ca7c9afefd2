import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawDot, findDot, pointsOf, read } from './points.test-support.js';

const FITS = ['stretch', 'contain', 'cover'] as const;
const TARGET = [96, 64] as const;

/** Reads an object of three points, of which one is in the middle of a dot, and the others at corners of the image. */
async function fitDot(
  [width, height]: readonly [number, number],
  [x, y]: readonly [number, number],
  { fit, orientation = 1, unit = 'pixels' }: { fit: string; orientation?: number; unit?: string },
) {
  const scale = unit === 'pixels' ? [1, 1] : [width, height];
  const at = (left: number, top: number) => [left / scale[0]!, top / scale[1]!];
  const { records, report } = await read(
    [{ points: { dot: at(x, y), first: at(width, 0), last: [0, 0] }, seen: { dot: 1, first: 1, last: 0 } }],
    {
      files: { 'images/a.png': await drawDot([width, height], [x, y], { orientation }) },
      schema: { Visibility: 'TEXT' },
      fields: { target_size: [...TARGET] },
      fileOptions: { fit },
    },
  );
  const [{ annotation, values, files }] = records as [(typeof records)[0]];
  const points = pointsOf(annotation);
  const written = unit === 'pixels' ? [1, 1] : TARGET;
  return {
    report,
    dot: points.dot!.map((value, axis) => value * written[axis]!),
    points,
    seen: JSON.parse(values[0]!) as Record<string, number>,
    found: await findDot(files[0]!.content!),
  };
}

const size = fc.tuple(fc.integer({ min: 40, max: 160 }), fc.integer({ min: 40, max: 160 }));
const share = fc.double({ min: 0.15, max: 0.85, noNaN: true });

it('a point stays on what it marks, however the image is fitted and turned, in pixels and as a fraction', async () => {
  await fc.assert(
    fc.asyncProperty(
      size,
      share,
      share,
      fc.constantFrom(...FITS),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom('pixels', 'fractions'),
      async ([width, height], left, top, fit, orientation, unit) => {
        const { dot, points, seen, found } = await fitDot([width, height], [left * width, top * height], {
          fit,
          orientation,
          unit,
        });
        expect(points.last).toEqual([0, 0]);
        expect(seen.last).toBe(0);
        // What is near the edge may be cut off in part, so that its middle moves.
        const isWhole = dot[0]! > 12 && dot[0]! < TARGET[0] - 12 && dot[1]! > 12 && dot[1]! < TARGET[1] - 12;
        if (!isWhole && fit === 'cover') return;
        expect(seen.dot).toBe(1);
        expect(Math.hypot(dot[0]! - found![0], dot[1]! - found![1])).toBeLessThan(1.5);
      },
    ),
    { numRuns: 60 },
  );
});

describe('cover', () => {
  it('hides points that it cuts off, moves them to the edge, and counts them', async () => {
    // 64x128 becomes 96x192, of which the rows from 64 to 128 are left: 42.7 to 85.3 of the source.
    const rows = [
      { points: { nose: [32, 64], left: [0, 10], right: [64, 128] }, seen: { nose: 1, left: 1, right: 0 } },
      { points: { nose: [32, 64], left: [0, 10], right: [64, 128] } },
      { points: { nose: [32, 64], left: [32, 60], right: [0, 0] }, seen: { nose: 1, left: 1, right: 0 } },
    ];
    const image = await drawDot([64, 128], [32, 64]);
    const { report, records } = await read(
      rows.map((row) => ({ ...row, filename: 'a' })),
      {
        files: { 'images/a.png': image },
        schema: { Visibility: 'TEXT' },
        fields: { target_size: [...TARGET] },
        fileOptions: { fit: 'cover' },
      },
    );
    expect(report.findings()).toMatchObject([
      {
        ...{ severity: 'warning', code: 'cropped-points', file: 'data' },
        message: '`cover` cuts off 3 visible points of 2 rows. Their visibility becomes 0.',
      },
    ]);
    const moved = '{"nose":[48,32],"left":[0,0],"right":[96,64]}';
    expect(records.map(({ annotation, values }) => [annotation, ...values])).toEqual([
      [moved, '{"nose":1,"left":0,"right":0}'],
      [moved, '{"nose":1,"left":0,"right":0}'],
      ['{"nose":[48,32],"left":[48,26],"right":[0,0]}', '{"nose":1,"left":1,"right":0}'],
    ]);
  });
});

describe('a photo that is stored turned', () => {
  const turned = async (fileOptions: Record<string, string | boolean>, target = [64, 96]) =>
    read([{ points: { nose: [90, 10], left: [0, 0], right: [96, 64] } }], {
      files: { 'images/a.png': await drawDot([96, 64], [90, 10], { orientation: 6 }) },
      fields: { target_size: target },
      fileOptions,
    });

  it('is turned upright with its points if images are changed, with a warning', async () => {
    const { report, records } = await turned({ convert: true });
    expect(report.findings()).toMatchObject([
      {
        code: 'exif-orientation',
        message: expect.stringContaining('taken to be those of the stored pixels, and are turned upright') as unknown,
        fix: expect.stringContaining('turn its pixels with `jpegtran`') as unknown,
      },
    ]);
    const { content } = records[0]!.files[0]!;
    const points = pointsOf(records[0]!.annotation);
    expect(points).toEqual({ nose: [54, 90], left: [64, 0], right: [0, 96] });
    const [x, y] = (await findDot(content!))!;
    expect(Math.hypot(x - 54, y - 90)).toBeLessThan(0.5);
  });

  it('is stored as it is otherwise, and so are its points', async () => {
    const { report, records } = await turned({}, [96, 64]);
    expect(report.findings()).toMatchObject([{ code: 'exif-orientation' }]);
    expect(records[0]!.annotation).toBe('{"nose":[90,10],"left":[0,0],"right":[96,64]}');
    expect(records[0]!.files[0]!.content).toBeUndefined();
  });
});

it('an image that several rows name has the same content for each, and points do not depend on whether files are wanted', async () => {
  const names = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'a'];
  const rows = names.map((filename, row) => ({ filename, points: { nose: [40, row], left: [10, 20], right: [0, 0] } }));
  const image = await drawDot([50, 64], [20, 30]);
  const files = Object.fromEntries(names.map((name) => [`images/${name}.png`, image]));
  const [written, checked] = [
    await read(rows, { files, fileOptions: { fit: 'contain' } }),
    await read(rows, { files, fileOptions: { fit: 'contain' }, wantsFiles: false }),
  ];
  const contents = written.records.map(({ files: [file] }) => file!.content);
  expect(contents[0]).toBeDefined();
  for (const content of contents) expect(content).toEqual(contents[0]);
  expect(checked.records.flatMap((record) => record.files.map(({ content }) => content ?? null))).toEqual(
    names.map(() => null),
  );
  expect(checked.records.map(({ annotation }) => annotation)).toEqual(
    written.records.map(({ annotation }) => annotation),
  );
  expect(checked.records[11]!.annotation).toBe('{"nose":[47,11],"left":[17,20],"right":[7,0]}');
});

it('images and points that need no change are stored as they are', async () => {
  const points = { nose: [0.1, 20.30000000000001], left: [1e-7, 64], right: [3.0, 4] };
  for (const fit of ['exact', 'contain']) {
    const { found, records } = await read([{ points }], { fileOptions: { fit } });
    expect(found).toEqual([]);
    expect(records[0]!.annotation).toBe('{"nose":[0.1,20.30000000000001],"left":[1e-7,64],"right":[3,4]}');
    expect(records[0]!.files[0]!.content).toBeUndefined();
  }
});
