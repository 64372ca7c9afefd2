import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataForm, JsonObject } from '@tracebloc/ingestor-contract';
import { folderOf, imageOf, openLayout, type Opened } from '../layout.test-support.js';
import { yolo } from './layout.js';

let image: Buffer;
beforeAll(async () => {
  image = await imageOf(80, 60);
});

const YAML = 'path: .\ntrain: images/train\nval: images/val\nnames: [zebra, ant]\n';

async function openFiles(
  files: Readonly<Record<string, string>>,
  { form = 'boxes', options, at = 'data.yaml' }: { form?: DataForm; options?: JsonObject; at?: string } = {},
): Promise<Opened & { root: string }> {
  const written = Object.entries(files).map(([name, text]) => [name, name.endsWith('.png') ? image : text]);
  const root = await folderOf(Object.fromEntries(written) as Record<string, string>);
  return { ...(await openLayout(yolo, join(root, at), form, { options })), root };
}

/** Opens one image with these labels, of the classes `zebra` and `ant`. */
const openLabels = (text: string, form?: DataForm, more = ''): Promise<Opened & { root: string }> =>
  openFiles({ 'data.yaml': `${YAML}${more}`, 'images/train/a.png': '', 'labels/train/a.txt': text }, { form });

const boxIn = (text: string): string[] =>
  /<xmin>(.*)<.xmin><ymin>(.*)<.ymin><xmax>(.*)<.xmax><ymax>(.*)<.ymax>/.exec(text)!.slice(1);
const codesOf = ({ findings }: Opened) =>
  findings.filter(({ code }) => code !== 'unused-class').map(({ code, row }) => [code, row]);

it('gives a row and a VOC file for each image, in pixels', async () => {
  const { rows, files, table, root, findings } = await openFiles({
    'data.yaml': YAML,
    'images/train/b.png': '',
    'images/train/deep/a.png': '',
    'images/val/c.png': '',
    'labels/train/b.txt': '1 0.5 0.5 0.25 0.5\n\n0 0.1 0.1 0.1 0.1\n',
    'labels/train/deep/a.txt': '',
  });
  expect(rows).toEqual([['a.png'], ['b.png']]);
  expect(boxIn(files['annotations/b.xml']!.split('\n')[3]!)).toEqual(['30', '15', '50', '45']);
  expect(files['annotations/b.xml']).toContain('<size><width>80</width><height>60</height>');
  expect(files['annotations/a.xml']).not.toContain('<object>');
  expect(table.locate!('annotations/b.xml', 5)).toEqual({ file: join(root, 'labels/train/b.txt'), row: 3 });
  expect(table.locate!(undefined, 2)).toEqual({ file: join(root, 'labels/train/b.txt') });
  expect(findings).toEqual([]);
});

it('takes an image without a file of labels as one without objects, and says so', async () => {
  const files = {
    'data.yaml': YAML,
    'images/train/a.png': '',
    'images/train/b.png': '',
    'labels/train/a.txt': '0 .5 .5 1 1',
  };
  const { rows, notes } = await openFiles(files);
  expect(rows).toHaveLength(2);
  expect(notes).toContain('1 of 2 images have no file of labels, so they have no objects.');
});

it.each<[string, string, JsonObject | undefined, string[]]>([
  ['the usual one', YAML, undefined, ['a.png']],
  ['one that is named', YAML, { split: 'val' }, ['b.png']],
  ['several', YAML, { split: ['train', 'val'] }, ['a.png', 'b.png']],
  ['a list of folders', 'train: [images/train, images/val]\nnames: {0: zebra}', undefined, ['a.png', 'b.png']],
  [
    'the paths of Roboflow',
    'train: ../images/train\nval: ../images/val\nnames: {0: zebra}',
    { split: 'val' },
    ['b.png'],
  ],
  ['a path of another computer', 'path: /content/set\ntrain: images/train\nnames: [zebra]', undefined, ['a.png']],
  ['a list in a file', 'train: list.txt\nnames: [zebra]', undefined, ['a.png', 'b.png']],
])('reads a split: %s', async (_what, text, options, names) => {
  const { rows } = await openFiles(
    {
      'data.yaml': text,
      'list.txt': './images/val/b.png\ndata/images/train/a.png\n',
      'images/train/a.png': '',
      'images/val/b.png': '',
      'labels/train/a.txt': '0 0.5 0.5 1 1',
      'labels/val/b.txt': '0 0.5 0.5 1 1',
    },
    { options },
  );
  expect(rows.flat()).toEqual(names);
});

it.each<[string, string, Record<string, string>]>([
  [
    "Label Studio's classes.txt",
    'classes.txt',
    { 'classes.txt': 'zebra\nant\n', 'images/a.png': '', 'labels/a.txt': '1 .5 .5 1 1' },
  ],
  ["labelImg's classes.txt", 'classes.txt', { 'classes.txt': 'zebra\r\nant', 'a.png': '', 'a.txt': '1 .5 .5 1 1' }],
  [
    'classes.txt among the labels',
    'labels/classes.txt',
    { 'labels/classes.txt': 'zebra\nant', 'images/a.png': '', 'labels/a.txt': '1 .5 .5 1 1' },
  ],
  [
    "CVAT's obj.data",
    'obj.data',
    {
      'obj.data': 'classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n',
      'obj.names': 'zebra\nant\n',
      'train.txt': 'data/obj_train_data/a.png\n',
      'obj_train_data/a.png': '',
      'obj_train_data/a.txt': '1 .5 .5 1 1',
    },
  ],
  [
    'obj.names',
    'obj.names',
    { 'obj.names': 'zebra\nant\n', 'obj_train_data/a.png': '', 'obj_train_data/a.txt': '1 .5 .5 1 1' },
  ],
  [
    'a data.yaml without splits',
    'data.yaml',
    { 'data.yaml': 'names: [zebra, ant]', 'images/a.png': '', 'labels/a.txt': '1 .5 .5 1 1' },
  ],
])('reads %s', async (_what, at, files) => {
  const opened = await openFiles(files, { at });
  expect(opened.rows).toEqual([['a.png']]);
  expect(opened.files['annotations/a.xml']).toContain('<name>ant</name>');
  expect(codesOf(opened)).toEqual([]);
});

it('takes the box of an outline', async () => {
  const { files } = await openLabels('0 0.1 0.1 0.5 0.2 0.3 0.5');
  expect(boxIn(files['annotations/a.xml']!)).toEqual(['8', '6', '40', '30']);
});

it('gives masks of outlines', async () => {
  const { rows } = await openLabels('0 0.1 0.1 0.5 0.2 0.3 0.5\n1 0 0 1 0 1 1 0 1\n', 'masks');
  expect(rows).toEqual([['a.png', 'a_mask', 'ant zebra']]);
});

describe('poses', () => {
  const pose = '1 0.5 0.5 0.5 0.5 0.25 0.5 2 0 0 0\n0 0.5 0.5 0.5 0.5 0 0 0 0 0 0\n';

  it('gives a row for each object with points', async () => {
    const named = await openLabels(pose, 'keypoints', 'kpt_shape: [2, 3]\nkpt_names: {0: [head, tail]}\n');
    expect(named.rows).toEqual([['a.png', '{"head":[20,30],"tail":[0,0]}', '{"head":1,"tail":0}', 'ant']]);
    const unnamed = await openLabels('1 0.5 0.5 0.5 0.5 0.25 0.5 0 0', 'keypoints', 'kpt_shape: [2, 2]\n');
    expect(unnamed.rows).toEqual([
      ['a.png', '{"point_1":[20,30],"point_2":[0,0]}', '{"point_1":1,"point_2":0}', 'ant'],
    ]);
  });

  it('gives their boxes', async () => {
    const { files } = await openLabels(pose, 'boxes', 'kpt_shape: [2, 3]\n');
    expect(files['annotations/a.xml']!.match(/<object>/g)).toHaveLength(2);
  });
});

it.each<[string, DataForm, [string, number]]>([
  ['0 0.5 0.5 0.5', 'boxes', ['invalid-annotation', 1]],
  ['0 0.5 0.5 0.5 0.5 0.9', 'boxes', ['invalid-annotation', 1]],
  ['\n0 0.5 0.5 0.5 x', 'boxes', ['invalid-annotation', 2]],
  ['0 0.5 0.5 1.5 0.5', 'boxes', ['invalid-annotation', 1]],
  ['0 -0.1 0.5 0.5 0.5', 'boxes', ['invalid-annotation', 1]],
  ['0 40 30 20 10', 'boxes', ['invalid-annotation', 1]],
  ['2 0.5 0.5 0.5 0.5', 'boxes', ['unknown-class', 1]],
  ['0.5 0.5 0.5 0.5 0.5', 'boxes', ['unknown-class', 1]],
  ['0 0.5 0.5 0.5 0.5', 'masks', ['object-without-shape', 1]],
])('reports the line %j for %s', async (text, form, expected) => {
  const opened = await openLabels(`${text}\n`, form);
  expect(codesOf(opened)).toEqual([expected]);
  expect(opened.findings[0]!.file).toBe(join(opened.root, 'labels/train/a.txt'));
});

it('reports labels without an image', async () => {
  const files = {
    'data.yaml': YAML,
    'images/train/a.png': '',
    'labels/train/a.txt': '0 .5 .5 1 1',
    'labels/train/b.txt': '',
  };
  expect(codesOf(await openFiles(files))).toEqual([['annotation-without-image', undefined]]);
});

it.each<[string, Record<string, string>, RegExp]>([
  ['no labels', { 'data.yaml': YAML, 'images/train/a.png': '' }, /No image has a file of labels/],
  ['no images', { 'data.yaml': YAML, 'images/train/a.txt': '' }, /There is no image/],
  ['a folder that does not exist', { 'data.yaml': YAML }, /images.train does not exist/],
  ['no names', { 'data.yaml': 'train: images\n', 'images/a.png': '' }, /no `names`/],
  ['a list for a map', { 'data.yaml': '- a\n' }, /not a YAML map/],
  ['points without a shape', { 'data.yaml': `${YAML}kpt_shape: 17\n` }, /`kpt_shape`/],
])('refuses data with %s', async (_what, files, message) => {
  await expect(openFiles(files)).rejects.toThrow(message);
});

it('refuses a split that the file does not have', async () => {
  const files = { 'data.yaml': YAML, 'images/train/a.png': '', 'labels/train/a.txt': '' };
  await expect(openFiles(files, { options: { split: 'test' } })).rejects.toThrow('The file has no split test.');
});
