import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { createReport } from '@tracebloc/ingestor-dataset';
import { objectDetection } from './detection.js';
import { labelOfClasses, listClasses } from './picture-label.js';
import { drawScene, vocXml } from './scene.test-support.js';

let image: Buffer;
beforeAll(async () => {
  image = await drawScene({ width: 64, height: 64 });
});

const BOX = { xmin: 10, ymin: 20, xmax: 50, ymax: 60 };

/** Reads pictures with objects of these names. */
function run(pictures: Record<string, string[]>, manifest: string, more: Partial<TaskInput> = { label: 'label' }) {
  const files = Object.entries(pictures).flatMap(([stem, names]) => {
    const objects = names.map((name) => vocXml({ name, boxes: [BOX] }).match(/ *<object>[^]*<\/object>\n/)![0]);
    const empty = vocXml({ filename: `${stem}.jpg`, boxes: [] });
    return [
      [`images/${stem}.jpg`, image],
      [`annotations/${stem}.xml`, empty.replace('</annotation>', `${objects.join('')}</annotation>`)],
    ] as const;
  });
  return readTask(objectDetection, { manifest, files: Object.fromEntries<string | Uint8Array>(files), ...more });
}

type Output = Awaited<ReturnType<typeof run>>;
const labelsOf = ({ records }: Output) => records.map(({ filename, label }) => [filename, label]);
const codesOf = ({ found }: Output) => found.map(([code]) => code);

describe('with a column of labels', () => {
  const pictures = { a: ['sign', 'car', 'car', 'car'], b: ['car', 'car'], c: ['sign'], d: [] };

  it('a picture of several classes has all of them as its label, whether a row is an object or an image', async () => {
    const expected = [
      ['a', 'car:3 sign:1'],
      ['b', 'car'],
      ['c', 'sign'],
      ['d', 'car'],
    ];
    const objects = await run(pictures, 'filename,label\na,sign\na,car\nb,car\na,car\nc,sign\nb,car\na,car\nd,car\n');
    const images = await run(pictures, 'filename,label\na,car\nb,car\nc,sign\nd,car\n');
    expect([labelsOf(objects), labelsOf(images)]).toEqual([expected, expected]);
    expect(codesOf(objects)).toEqual(['no-object']);
    expect(objects.records.map(({ classes }) => classes)).toEqual([
      ['sign', 'car', 'car', 'car'],
      ['car', 'car'],
      ['sign'],
      [],
    ]);
  });

  it('a label that tells something else stays', async () => {
    const { records } = await run(pictures, 'filename,label\na,street\nb,beach\nc,street\nd,beach\n');
    expect(records.map(({ label }) => label)).toEqual(['street', 'beach', 'street', 'beach']);
  });

  it('names may have spaces; a list that is too long is a warning', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `class ${index}`);
    const output = await run({ a: ['traffic light', 'car'], b: many }, 'filename,label\na,car\nb,class 1\n');
    expect(labelsOf(output)).toEqual([
      ['a', 'car:1 traffic light:1'],
      ['b', 'class 1'],
    ]);
    expect(output.report.findings().find(({ code }) => code === 'classes-not-listed')).toMatchObject({
      severity: 'warning',
      file: 'annotations/b.xml',
    });
  });
});

describe('without a column of labels', () => {
  const bare = { label: undefined };

  it('the label of a picture lists its classes with their numbers', async () => {
    const output = await run({ a: ['sign', 'car', 'car'], b: ['car'] }, 'filename\na\nb\na\n', bare);
    expect(labelsOf(output)).toEqual([
      ['a', 'car:2 sign:1'],
      ['b', 'car:1'],
    ]);
    expect(output.found).toEqual([]);
  });

  it('a picture without objects is left out with a warning', async () => {
    const output = await run({ a: ['sign', 'car'], b: [] }, 'filename\na\nb\n', bare);
    expect(labelsOf(output)).toEqual([['a', 'car:1 sign:1']]);
    expect(output.report.totals()).toMatchObject([{ code: 'no-object' }, { code: 'no-label', severity: 'warning' }]);
  });

  it('one class, and names that a list cannot hold, are errors; similar names are a warning', async () => {
    expect(codesOf(await run({ a: ['car'], b: ['car'] }, 'filename\na\nb\n', bare))).toEqual(['one-class']);
    const odd = await run({ a: ['traffic light', 'a:b', 'a:b'], b: ['car', 'Car'] }, 'filename\na\nb\n', bare);
    const found = odd.report.findings().map(({ code, severity, value }) => [code, severity, value]);
    expect(found).toEqual([
      ['unlistable-class', 'error', 'traffic light'],
      ['unlistable-class', 'error', 'a:b'],
      ['similar-classes', 'warning', 'Car, car'],
    ]);
  });
});

it('a list is the same in any order of the objects, and one of more than 255 characters is an error', () => {
  expect(listClasses(['b', 'a', 'b'])).toBe('a:1 b:2');
  expect(listClasses(['b', 'b', 'a'])).toBe('a:1 b:2');
  const report = createReport();
  const names = Array.from({ length: 52 }, (_, index) => `a${index}`);
  labelOfClasses(names, { report, file: 'a.xml' });
  expect(report.findings()).toMatchObject([{ code: 'label-too-long', file: 'a.xml' }]);
});
