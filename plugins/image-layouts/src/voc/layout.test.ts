import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { DataForm, JsonObject } from '@tracebloc/ingestor-contract';
import { writePng } from '@tracebloc/ingestor-annotations';
import { folderOf, openLayout, type Opened } from '../layout.test-support.js';
import { voc } from './layout.js';

let mask: Buffer;
beforeAll(async () => {
  mask = await writePng({ width: 3, height: 2, pixels: Uint8Array.from([0, 12, 255, 12, 0, 8]) });
});

const xml = (...names: string[]): string =>
  `<annotation>${names.map((name) => `<object><pose/><name>${name}</name><part><name>head</name></part></object>`).join('')}</annotation>`;

async function openFiles(
  files: Readonly<Record<string, string>>,
  { form = 'boxes', options, at = '.' }: { form?: DataForm; options?: JsonObject; at?: string } = {},
): Promise<Opened & { root: string }> {
  const written = Object.entries(files).map(([name, text]) => [
    name,
    name.includes('Segmentation') && name.endsWith('.png') ? mask : text,
  ]);
  const root = await folderOf(Object.fromEntries(written) as Record<string, string>);
  return { ...(await openLayout(voc, join(root, at), form, { options })), root };
}

const PAIRS = {
  'JPEGImages/b.jpg': '',
  'JPEGImages/a.jpg': '',
  'Annotations/a.xml': xml(),
  'Annotations/b.xml': xml(),
};

it('gives the files on disk, in the order of the images', async () => {
  const { rows, files, root, table } = await openFiles(PAIRS);
  expect(rows).toEqual([['a.jpg'], ['b.jpg']]);
  expect(files).toEqual({
    'images/a.jpg': join(root, 'JPEGImages/a.jpg'),
    'images/b.jpg': join(root, 'JPEGImages/b.jpg'),
    'annotations/a.xml': join(root, 'Annotations/a.xml'),
    'annotations/b.xml': join(root, 'Annotations/b.xml'),
  });
  expect(table.locate!(undefined, 1)).toEqual({ file: 'Annotations/a.xml' });
});

const LISTS = {
  ...PAIRS,
  'ImageSets/Main/train.txt': 'b\r\n',
  'ImageSets/Main/val.txt': 'a  1\n',
  'ImageSets/Main/trainval.txt': 'a\nb\n',
  'ImageSets/Main/cat_train.txt': 'b -1\n',
};

it.each<[JsonObject | undefined, string[], number]>([
  [undefined, ['b.jpg'], 1],
  [{ split: 'val' }, ['a.jpg'], 1],
  [{ split: 'trainval' }, ['a.jpg', 'b.jpg'], 0],
  [{ split: ['train', 'val'] }, ['a.jpg', 'b.jpg'], 0],
])('reads the lists of %j', async (options, names, notes) => {
  const opened = await openFiles(LISTS, { options });
  expect(opened.rows.flat()).toEqual(names);
  expect(opened.notes).toHaveLength(notes);
  expect(Object.keys(opened.files)).toHaveLength(2 * names.length);
});

it('names the line of a list', async () => {
  const { table, root } = await openFiles(LISTS, { options: { split: 'trainval' } });
  expect(table.locate!(undefined, 2)).toEqual({ file: join(root, 'ImageSets/Main/trainval.txt'), row: 2 });
});

it('gives a row for a name without an image, which the task reports', async () => {
  const { rows } = await openFiles({ ...PAIRS, 'ImageSets/Main/train.txt': 'a\nmissing\n' });
  expect(rows).toEqual([['a.jpg'], ['missing']]);
});

it('finds files whatever the form of their accents', async () => {
  const { rows, files } = await openFiles({
    'JPEGImages/cafe\u0301.jpg': '',
    'Annotations/caf\u00e9.xml': xml(),
    'ImageSets/Main/train.txt': 'caf\u00e9.jpg\n',
  });
  expect(rows).toEqual([['cafe\u0301.jpg']]);
  expect(Object.keys(files)).toHaveLength(2);
});

it('finds the folders of other tools', async () => {
  const names: [string, Record<string, string>][] = [
    ['VOCdevkit', { 'VOCdevkit/VOC2012/JPEGImages/a.jpg': '', 'VOCdevkit/VOC2012/Annotations/a.xml': xml() }],
    ['.', { 'images/a.jpg': '', 'Annotations/a.xml': xml() }],
    ['train', { 'train/a.jpg': '', 'train/a.xml': xml() }],
  ];
  for (const [at, files] of names) expect((await openFiles(files, { at })).rows).toEqual([['a.jpg']]);
});

it('gives masks with the classes of the annotations, or else of the pixels', async () => {
  const { rows, files, root } = await openFiles(
    {
      ...PAIRS,
      'JPEGImages/c.jpg': '',
      'JPEGImages/d.jpg': '',
      'Annotations/a.xml': xml('dog', 'cat', 'dog'),
      'SegmentationClass/a.png': '',
      'SegmentationClass/c.png': '',
    },
    { form: 'masks' },
  );
  expect(rows).toEqual([
    ['a.jpg', 'a_mask', 'cat dog'],
    ['c.jpg', 'c_mask', 'cat dog'],
  ]);
  expect(files['masks/c_mask.png']).toBe(join(root, 'SegmentationClass/c.png'));
});

it('takes the names of labelmap.txt', async () => {
  const labelmap = `# label:color_rgb:parts:actions\nbackground:0,0,0::\n${Array.from({ length: 12 }, (_, at) => `c${at + 1}:1,1,${at}::\n`).join('')}`;
  const files = { 'JPEGImages/c.jpg': '', 'SegmentationClass/c.png': '', 'labelmap.txt': labelmap };
  expect((await openFiles(files, { form: 'masks' })).rows).toEqual([['c.jpg', 'c_mask', 'c12 c8']]);
});

it('takes the classes of colours, as CVAT writes them', async () => {
  const pixels = Buffer.from([0, 0, 0, 128, 0, 64, 128, 0, 64, 0, 0, 255]);
  const coloured = await sharp(pixels, { raw: { width: 2, height: 2, channels: 3 } })
    .png()
    .toBuffer();
  const labelmap = '# label:color_rgb:parts:actions\nsky:0,0,255::\nbackground:0,0,0::\nroad:128,0,64::\n';
  const files = { 'JPEGImages/c.jpg': '', 'SegmentationClass/c.png': coloured, 'labelmap.txt': labelmap };
  const opened = await openLayout(voc, await folderOf(files), 'masks');
  expect(opened.rows).toEqual([['c.jpg', 'c_mask', 'road sky']]);
  const expected = await writePng({ width: 2, height: 2, pixels: Uint8Array.from([0, 2, 2, 1]) });
  expect(opened.files['masks/c_mask.png']).toBe(expected.toString('latin1'));
  const other = { ...files, 'labelmap.txt': labelmap.replace('0,0,255', '0,0,254') };
  expect((await openLayout(voc, await folderOf(other), 'masks')).findings).toMatchObject([
    { code: 'unknown-class', message: 'Pixels of the mask with colours that labelmap.txt does not list: 1.' },
  ]);
});

it('prefers the lists for masks', async () => {
  const files = { ...LISTS, 'SegmentationClass/a.png': '', 'ImageSets/Segmentation/train.txt': 'a\n' };
  expect((await openFiles(files, { form: 'masks' })).rows).toMatchObject([['a.jpg', 'a_mask', 'background']]);
});

it.each<[string, Record<string, string>, RegExp]>([
  ['no annotations', { 'JPEGImages/a.jpg': '' }, /no folder Annotations/],
  ['no images', { 'Annotations/a.xml': '' }, /no folder JPEGImages/],
  ['empty folders', { 'JPEGImages/a.jpg': '', 'Annotations/x.txt': '' }, /lists no image/],
])('refuses data with %s', async (_what, files, message) => {
  await expect(openFiles(files)).rejects.toThrow(message);
});

it('refuses a split without a list', async () => {
  await expect(openFiles(LISTS, { options: { split: 'test' } })).rejects.toThrow('ImageSets has no list test.txt.');
});
