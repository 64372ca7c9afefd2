import { describe, expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { type Row, read } from './points.test-support.js';

const FIRST = { points: { nose: [10, 20], left: [30, 40], right: [50, 60] } };
const CLEAN = { points: { nose: [11, 21], left: [31, 41], right: [51, 61] } };
const { nose, left, right } = CLEAN.points;
const SEEN = { nose: 1, left: 1, right: 1 };

/** What is wrong with the third line, and the finding. */
const FAULTS: [what: string, row: Row, finding: object][] = [
  [
    'text that is not JSON',
    { points: "{'nose': [11, 21], 'left': [31, 41], 'right': [51, 61]}", seen: SEEN },
    { code: 'not-points', column: 'Annotation', message: 'The cell is not JSON.' },
  ],
  [
    'a list',
    { points: [nose, left, right], seen: SEEN },
    { code: 'not-points', message: 'The cell is JSON, but not an object.' },
  ],
  [
    'an empty cell',
    { points: '', seen: SEEN },
    { code: 'not-points', message: 'The cell is empty.', column: 'Annotation' },
  ],
  ['an empty cell of visibility', { ...CLEAN, seen: '' }, { code: 'not-points', column: 'Visibility' }],
  [
    'visibility that is not JSON',
    { ...CLEAN, seen: '1 1 1' },
    { code: 'not-points', column: 'Visibility', value: '1 1 1' },
  ],
  [
    'the three numbers of COCO',
    { points: { ...CLEAN.points, left: [31, 41, 2] } },
    { code: 'not-a-point', column: 'Annotation', value: 'left: [31,41,2]', expected: '[x, y]' },
  ],
  ['a text', { points: { ...CLEAN.points, left: ['31', '41'] } }, { code: 'not-a-point', value: 'left: ["31","41"]' }],
  ['null', { points: { ...CLEAN.points, left: null } }, { code: 'not-a-point', value: 'left: null' }],
  [
    'an infinite number',
    { points: '{"nose":[11,21],"left":[1e999,41],"right":[51,61]}', seen: SEEN },
    { code: 'not-a-point' },
  ],
  ['a third member', { points: { ...CLEAN.points, left: { x: 31, y: 41, z: 1 } } }, { code: 'not-a-point' }],
  [
    'a missing point',
    { points: { nose, left } },
    { code: 'other-points', value: 'without right', expected: 'the names of row 2' },
  ],
  ['one more point', { points: { ...CLEAN.points, tail: [1, 2] } }, { code: 'other-points', value: 'with tail' }],
  [
    'a name in other case',
    { points: { nose, left, Right: right } },
    {
      code: 'other-points',
      message: 'The names differ in case or space from those of row 2.',
      value: 'without right; with Right',
    },
  ],
  [
    'a name with a space',
    { points: { nose, left, 'right ': right } },
    { code: 'other-points', message: 'The names differ in case or space from those of row 2.' },
  ],
  [
    'a point to the right of the image',
    { points: { ...CLEAN.points, right: [65, 61] } },
    { code: 'point-outside', column: 'Annotation', value: 'right: [65, 61]', expected: 'within 64x64' },
  ],
  ['a point above the image', { points: { ...CLEAN.points, right: [51, -1] } }, { code: 'point-outside' }],
  ['points on one spot', { points: { nose, left: nose, right: nose } }, { code: 'one-spot', value: 'nose: [11, 21]' }],
  [
    'no point that is labelled',
    { points: { nose: [0, 0], left: [0, 0], right: [0, 0] }, seen: { nose: 0, left: 0, right: 0 } },
    { code: 'one-spot', column: 'Annotation' },
  ],
  [
    "COCO's visibility",
    { ...CLEAN, seen: { ...SEEN, left: 2 } },
    { code: 'invalid-visibility', column: 'Visibility', value: 'left: 2', expected: '0 or 1' },
  ],
  [
    'visibility that is a truth value',
    { ...CLEAN, seen: { ...SEEN, left: true } },
    { code: 'invalid-visibility', value: 'left: true' },
  ],
  [
    'visibility of fewer points',
    { ...CLEAN, seen: { nose: 1, left: 1 } },
    { code: 'invalid-visibility', value: 'without right' },
  ],
  [
    'visibility of other names',
    { ...CLEAN, seen: { nose: 1, left: 1, tail: 1 } },
    { code: 'invalid-visibility', value: 'without right; with tail' },
  ],
  [
    'fractions in a dataset of pixels',
    { points: { nose: [0.2, 0.3], left: [0.4, 0.5], right: [1, 1] } },
    { code: 'mixed-units', value: 'nose: [0.2, 0.3]', expected: 'pixels' },
  ],
];

describe('an object is an error, with its row, column, value and fix:', () => {
  it.each(FAULTS)('%s', async (_, row, finding) => {
    const { report } = await read([FIRST, row, FIRST]);
    const [found, ...others] = report.findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', file: 'data', row: 3, ...finding });
    expect(found!.fix).toMatch(/.{20}/);
  });

  const HIDDEN = { nose: 1, left: 0, right: 1 };
  const WITHOUT_LEFT = '{"nose":[11,21],"left":[0,0],"right":[51,61]}';
  it.each<[code: string, advice: RegExp, fault: object, fixed: Row, stored: string]>([
    [
      'point-outside',
      /write `\[0, 0\]` with visibility 0/,
      { left: [70, 5] },
      { points: { nose, left: [0, 0], right }, seen: HIDDEN },
      WITHOUT_LEFT,
    ],
    [
      'not-a-point',
      /Write `\[0, 0\]` with visibility 0/,
      { left: null },
      { points: { nose, left: [0, 0], right }, seen: HIDDEN },
      WITHOUT_LEFT,
    ],
    [
      'not-a-point',
      /as `\[x, y\]`, without further/,
      { left: [31, 41, 2] },
      CLEAN,
      '{"nose":[11,21],"left":[31,41],"right":[51,61]}',
    ],
    [
      'other-points',
      /the same names in all rows/,
      { Left: left },
      CLEAN,
      '{"nose":[11,21],"left":[31,41],"right":[51,61]}',
    ],
  ])('the advice of %s, %s, leads to right data', async (code, advice, fault, fixed, stored) => {
    const own: Record<string, unknown> = { nose, ...fault, right };
    const [finding] = (await read([FIRST, { points: own }])).report.findings();
    expect([finding!.code, finding!.fix]).toEqual([code, expect.stringMatching(advice)]);
    const { found, records } = await read([FIRST, fixed]);
    expect([found, records[1]!.annotation]).toEqual([[], stored]);
  });

  it("the advice for COCO's visibility leads to right data", async () => {
    const schema = { Visibility: 'TEXT' };
    const coco = { ...CLEAN, seen: { nose: 2, left: 1, right: 0 } };
    const { report } = await read([FIRST, coco], { schema });
    expect(report.findings()[0]!.fix).toContain('Of the numbers of COCO, 2 is 1, and 1 (hidden) is 0.');
    const { records } = await read([FIRST, { ...CLEAN, seen: { nose: 1, left: 0, right: 0 } }], { schema });
    expect(records[1]!.values).toEqual(['{"nose":1,"left":0,"right":0}']);
  });

  it('and none of them, or of its advice, holds for clean data', async () => {
    const hidden = { points: { nose, left: [0, 0], right }, seen: { nose: 1, left: 0, right: 1 } };
    const objects = { points: { nose: { x: 11, y: 21 }, left: { y: 41, x: 31 }, right: [64, 0] } };
    const { found, records } = await read([FIRST, CLEAN, hidden, objects]);
    expect(found).toEqual([]);
    expect(records.map(({ annotation }) => annotation)).toEqual([
      '{"nose":[10,20],"left":[30,40],"right":[50,60]}',
      '{"nose":[11,21],"left":[31,41],"right":[51,61]}',
      '{"nose":[11,21],"left":[0,0],"right":[51,61]}',
      '{"nose":[11,21],"left":[31,41],"right":[64,0]}',
    ]);
  });
});

describe('the first row that can decides for all:', () => {
  const broken = { points: '{}', seen: {} };
  const fractions = { points: { nose: [0, 1], left: [0.25, 0.5], right: [1, 0.125] } };

  it('rows before it have too few points', async () => {
    const { report, records } = await read([{ points: { nose } }, FIRST, CLEAN]);
    expect(report.findings()).toMatchObject([{ code: 'number-of-points', row: 2, value: '1', expected: '3' }]);
    expect(records[2]!.annotation).toBe('{"nose":[11,21],"left":[31,41],"right":[51,61]}');
  });

  it('none has number_of_keypoints points, and the advice is to correct that', async () => {
    const rows = [FIRST, CLEAN];
    const { report } = await read(rows, { fields: { number_of_keypoints: 4 } });
    expect(report.findings()).toMatchObject([
      { code: 'number-of-points', row: 2, value: '3', expected: '4' },
      { code: 'number-of-points', row: 3 },
    ]);
    expect(report.findings()[0]!.fix).toContain('`number_of_keypoints`');
    const { found } = await read(rows, { fields: { number_of_keypoints: Number(report.findings()[0]!.value) } });
    expect(found).toEqual([]);
  });

  it.each([
    ['pixels', FIRST, 'pixels'],
    ['fractions', fractions, 'fractions of the image'],
  ])('%s, which is noted', async (_, row, unit) => {
    const { report } = await read([broken, row, row]);
    expect(report.notes()).toEqual([`The points are ${unit}, as row 3 shows.`]);
  });

  it('fractions, so that pixels are an error, and fractions below 0', async () => {
    const below = { points: { ...fractions.points, nose: [-0.5, 0.5] } };
    const { report } = await read([fractions, FIRST, below]);
    expect(report.findings()).toMatchObject([
      { code: 'mixed-units', row: 3, value: 'nose: [10, 20]', expected: 'fractions from 0 to 1' },
      { code: 'point-outside', row: 4, value: 'nose: [-0.5, 0.5]', expected: 'fractions from 0 to 1' },
    ]);
  });
});

it('a first row in the wrong unit makes all others wrong, which its correction ends, as the advice says', async () => {
  const points = { nose: [0.1, 0.2], left: [0.3, 0.4], right: [0.5, 0.6] };
  const rows = [{ points: { ...points, right: [5, 0.6] } }, { points }, { points }];
  const { report } = await read(rows);
  expect(report.findings()).toMatchObject([3, 4].map((row) => ({ code: 'mixed-units', row })));
  expect(report.findings()[0]!.message).toContain('but those of row 2 are pixels');
  expect(report.findings()[0]!.fix).toContain('Correct the earlier row');
  expect((await read([{ points }, ...rows.slice(1)])).found).toEqual([]);
});

it('the points of an object that are too long for the table are an error', async () => {
  const long = (at: number) => ['nose', 'left', 'right'].map((name, index) => [name.repeat(8000), [at + index, at]]);
  const { report } = await read([{ points: Object.fromEntries(long(10)) as object }]);
  expect(report.findings()).toMatchObject([{ code: 'annotation-too-long', row: 2, column: 'Annotation' }]);
});

it('the columns are found in any case, and are an error if absent', async () => {
  const { found } = await read([FIRST], { header: 'filename, annotation,VISIBILITY,label' });
  expect(found).toEqual([]);
  const declared = await read([FIRST], { schema: { annotation: 'TEXT' } });
  expect(declared.found).toEqual([['column-name-differs', undefined, 'annotation']]);
  expect(declared.records[0]!.annotation).toBe('{"nose":[10,20],"left":[30,40],"right":[50,60]}');
  const absent = await read([FIRST], { header: 'filename,points,VISIBILITY,label' });
  expect(absent.found).toEqual([
    ['missing-column', undefined, 'Annotation'],
    ['unlisted-column', undefined, undefined],
  ]);
});

it('one class is enough, and labels that are missing or alike are warnings', async () => {
  const labels = ['cat', 'cat', 'Cat', ''].map((label) => ({ ...FIRST, label }));
  expect((await read(labels.slice(0, 2))).found).toEqual([]);
  expect((await read(labels)).found).toEqual([
    ['missing-label', 5, 'label'],
    ['similar-classes', undefined, 'label'],
  ]);
});

it('several rows may name one image, which is checked once', async () => {
  const rows = [FIRST, CLEAN, FIRST].map((row) => ({ ...row, filename: 'a' }));
  expect((await read(rows)).found).toEqual([]);
  const files = { 'images/a.png': await sampleImages.png16() };
  expect((await read(rows, { files })).found).toEqual([['bit-depth', undefined, undefined]]);
});
