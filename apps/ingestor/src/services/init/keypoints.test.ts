import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IngestorError } from '@tracebloc/ingestor-core';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { DataFolders } from './init.test-support.js';

let data: DataFolders;

beforeAll(async () => {
  data = await DataFolders.make();
});
afterAll(() => data.remove());

const SQUARES = Array.from({ length: 4 }, () => [64, 64] as const);
const doubled = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
const escaped = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '\\"')}"`;
const pointsOf = (row: number) => ({ nose: [10 + row, 20], left: [30, 40 + row], right: [50, 60] });

interface Described {
  sizes?: readonly (readonly [number, number])[];
  header?: string;
  quote?: (value: object) => string;
  points?: (row: number) => object;
  labels?: readonly string[];
}

/** Returns images, and a table with two objects for each. */
async function filesOf({
  sizes = SQUARES,
  header,
  quote = doubled,
  points = pointsOf,
  labels = ['cat', 'dog'],
}: Described = {}) {
  const files: Record<string, string | Uint8Array> = {};
  for (const [index, size] of sizes.entries()) files[`images/${index}.jpg`] = await sampleImages.jpeg(...size);
  const rows = Array.from({ length: 2 * sizes.length }, (_, row) => {
    const seen = Object.fromEntries(
      Object.keys(points(row)).map((name, index) => [name, Number((row + index) % 3 > 0)]),
    );
    return [row % sizes.length, quote(points(row)), quote(seen), labels[row % labels.length]].join();
  });
  return { ...files, 'points.csv': [header ?? 'filename,Annotation,Visibility,label', ...rows, ''].join('\n') };
}

describe('points and images are described so that they validate', () => {
  it.each<[string, Described, string[]]>([
    ['squares', {}, ['target_size: [ 64, 64 ] # the width and height of all images', 'Visibility: TEXT']],
    [
      'columns in other case',
      { header: 'FileName,ANNOTATION,visibility,label' },
      ['visibility: TEXT', 'filename_column: FileName'],
    ],
    ['quotes after backslashes', { quote: escaped }, ['escapechar: \\ #']],
    ['one class', { labels: ['cat'] }, ['label: label']],
    [
      'fractions',
      { points: (row) => ({ nose: [row / 10, 0.5], left: [0.25, 1], right: [1, 0] }) },
      ['number_of_keypoints: 3'],
    ],
    [
      'other names and number',
      { points: (row) => ({ a: { x: row, y: 4 }, b: { x: 5, y: 6 } }) },
      ['number_of_keypoints: 2'],
    ],
    [
      'several sizes',
      { sizes: [...SQUARES, [96, 72]] },
      [
        'target_size: [ 64, 64 ] # 4 of 5 images are 64x64; the others are brought to this size',
        'fit: contain # the images differ in size',
      ],
    ],
    [
      'tiny ones',
      {
        sizes: [
          [28, 20],
          [28, 20],
        ],
        points: (row) => ({ a: [row, 2], b: [7, 8] }),
      },
      ['min_size: [ 28, 20 ]'],
    ],
  ])('%s', async (_, described, lines) => {
    const { yaml, run, validation } = await data.describe(await data.write(await filesOf(described)));
    expect(run.task.id).toBe('keypoint_detection');
    for (const line of lines) expect(yaml).toContain(line);
    expect(validation).toMatchObject({ valid: true, findings: [] });
  });
});

describe('data does not fit, with the reason and what to do, which makes it fit:', () => {
  const misfitOf = async (files: Record<string, string | Uint8Array>) => {
    const error: unknown = await data
      .init(await data.write(files), { task: 'keypoint_detection' })
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof IngestorError)) throw error;
    return { message: error.message, fix: [error.fix].flat().join('\n') };
  };

  it('columns of coordinates', async () => {
    const files = await filesOf();
    const table = 'filename,nose_x,nose_y,label\n0,1,2,cat\n1,3,4,dog\n2,3,4,dog\n3,3,4,dog\n';
    const { message, fix } = await misfitOf({ ...files, 'points.csv': table });
    expect(message).toContain('no table has the columns Annotation and Visibility');
    const [, points, seen] = /Annotation has .*?(\{.*?\})\. .*Visibility has (\{.*?\})\./.exec(fix)!;
    const cells = [points!, seen!].map((cell) => doubled(JSON.parse(cell) as object));
    const rows = ['0', '1'].map((name) => [name, ...cells, 'cat'].join());
    const image = await sampleImages.jpeg(96, 96);
    const fixed = ['filename,Annotation,Visibility,label', ...rows, ''].join('\n');
    const { validation } = await data.describe(
      await data.write({ 'images/0.jpg': image, 'images/1.jpg': image, 'points.csv': fixed }),
    );
    expect(validation).toMatchObject({ valid: true, findings: [] });
  });

  it('points as Python shows them', async () => {
    const files = await filesOf({ quote: (value) => `"${JSON.stringify(value).replaceAll('"', "'")}"` });
    const { message, fix } = await misfitOf(files);
    expect(message).toContain('the column Annotation of points.csv does not hold points as JSON');
    expect(fix).toContain('Write each cell of Annotation as a JSON object of points');
  });

  it('no label', async () => {
    const { message, fix } = await misfitOf(
      Object.fromEntries(
        Object.entries(await filesOf()).map(([name, content]) => [
          name,
          typeof content === 'string' ? content.replaceAll(/,\w+$/gm, '') : content,
        ]),
      ),
    );
    expect(message).toContain('points.csv has no column of labels');
    expect(fix).toContain('Add to points.csv a column label with the class of each object');
  });
});
