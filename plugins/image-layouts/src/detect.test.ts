import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataLayout, LayoutDetection } from '@tracebloc/ingestor-contract';
import { coco } from './coco/layout.js';
import { folderOf, imageOf, openLayout } from './layout.test-support.js';
import { oneHot } from './one-hot/layout.js';
import { voc } from './voc/layout.js';
import { yolo } from './yolo/layout.js';

let image: Buffer;
beforeAll(async () => {
  image = await imageOf(8, 6);
});

/** What was detected, with paths below the root. */
interface Found extends Pick<LayoutDetection, 'found' | 'forms'> {
  train: string;
  test?: string;
  doubts: number;
}

async function detectIn(layout: DataLayout, files: Readonly<Record<string, string>>): Promise<Found | undefined> {
  const written = Object.entries(files).map(([name, text]) => [name, name.endsWith('.png') ? image : text]);
  const root = await folderOf(Object.fromEntries(written) as Record<string, string>);
  const found = await layout.detect!(root);
  if (!found) return undefined;
  const shown: string[] = [];
  for (const half of [found.train, found.test]) {
    if (!half) continue;
    const options = Object.fromEntries(half.options.map(({ name, value }) => [name, value]));
    // What was detected can be read, and has so many rows.
    const { rows } = await openLayout(layout, half.path, found.forms.at(-1)!, { options, folders: half.folders });
    expect(rows).toHaveLength(half.rows!);
    shown.push([half.path.slice(root.length), ...Object.values(options).map((value) => value as string)].join(' '));
  }
  const [train, test] = shown;
  return {
    found: found.found,
    forms: found.forms,
    train: train!,
    ...(test !== undefined && { test }),
    doubts: found.doubts?.length ?? 0,
  };
}

const cocoOf = (name: string, more: object = {}): string =>
  JSON.stringify({
    images: [{ id: 1, file_name: name, width: 8, height: 6 }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 2, 2], ...more }],
    categories: [{ id: 1, name: 'car', keypoints: ['a'] }],
  });
const OUTLINE = { segmentation: [[1, 1, 4, 1, 4, 4]] };

describe('COCO', () => {
  it.each<[string, Record<string, string>, Found | undefined]>([
    [
      'one file',
      { 'labels.json': cocoOf('a.png'), 'a.png': '', 'other.json': '{"images": []}', 'list.json': '[]' },
      { found: 'a COCO file of 1 image with 1 object of 1 class', forms: ['boxes'], train: '/labels.json', doubts: 0 },
    ],
    [
      'the files of COCO 2017',
      {
        'annotations/instances_train2017.json': cocoOf('a.png', OUTLINE),
        'annotations/instances_val2017.json': cocoOf('b.png', OUTLINE),
        'annotations/person_keypoints_train2017.json': cocoOf('a.png', { keypoints: [1, 1, 2] }),
        'annotations/captions_train2017.json': '{"info": {}, "images": [], "annotations": []}',
        'train2017/a.png': '',
        'val2017/b.png': '',
      },
      {
        found: 'a COCO file of 1 image with 1 object of 1 class',
        forms: ['masks', 'boxes'],
        train: '/annotations/instances_train2017.json',
        test: '/annotations/instances_val2017.json',
        doubts: 2,
      },
    ],
    [
      "Roboflow's folders",
      Object.fromEntries(
        ['train', 'valid', 'test'].flatMap((name) => [
          [`${name}/_annotations.coco.json`, cocoOf('a.png', { keypoints: [1, 1, 2] })],
          [`${name}/a.png`, ''],
        ]),
      ),
      {
        found: 'a COCO file of 1 image with 1 object of 1 class',
        forms: ['keypoints', 'boxes'],
        train: '/train/_annotations.coco.json',
        test: '/test/_annotations.coco.json',
        doubts: 1,
      },
    ],
    ['a file without its images', { 'labels.json': cocoOf('a.png') }, undefined],
    ['no file', { 'a.png': '' }, undefined],
  ])('finds %s', async (_what, files, expected) => {
    expect(await detectIn(coco, files)).toEqual(expected);
  });
});

describe('YOLO', () => {
  const image = { 'images/train/a.png': '', 'images/val/b.png': '' };
  it.each<[string, Record<string, string>, Found | undefined]>([
    [
      'splits',
      {
        'data.yaml': 'train: images/train\nval: images/val\ntest: images/test\nnames: [car]',
        ...image,
        'labels/train/a.txt': '0 .5 .5 1 1',
        'labels/val/b.txt': '',
      },
      {
        found: 'a YOLO dataset of 1 image and 1 class',
        forms: ['boxes'],
        train: '/data.yaml train',
        test: '/data.yaml val',
        doubts: 2,
      },
    ],
    [
      'outlines',
      { 'classes.txt': 'car\nbus', 'images/a.png': '', 'labels/a.txt': '0 .1 .1 .5 .1 .5 .5' },
      { found: 'a YOLO dataset of 1 image and 2 classes', forms: ['masks', 'boxes'], train: '/classes.txt', doubts: 0 },
    ],
    [
      'poses',
      {
        'data.yaml': 'train: images\nnames: [car]\nkpt_shape: [1, 2]',
        'images/a.png': '',
        'labels/a.txt': '0 .5 .5 1 1 .5 .5',
      },
      { found: 'a YOLO dataset of 1 image and 1 class', forms: ['keypoints', 'boxes'], train: '/data.yaml', doubts: 0 },
    ],
    ['another YAML file', { 'ingest.yaml': 'kind: IngestConfig', 'a.png': '' }, undefined],
    ['classes without labels', { 'classes.txt': 'car', 'a.png': '' }, undefined],
  ])('finds %s', async (_what, files, expected) => {
    expect(await detectIn(yolo, files)).toEqual(expected);
  });
});

describe('VOC', () => {
  const pair = (name: string, folder = ''): Record<string, string> => ({
    [`${folder}JPEGImages/${name}.jpg`]: '',
    [`${folder}Annotations/${name}.xml`]: '<annotation/>',
  });
  const list = (name: string, text: string): Record<string, string> => ({ [`ImageSets/Main/${name}.txt`]: text });
  it.each<[string, Record<string, string>, Found | undefined]>([
    [
      'a folder without lists',
      { ...pair('a'), ...pair('b') },
      { found: 'a Pascal VOC folder of 2 images with annotations', forms: ['boxes'], train: '', doubts: 0 },
    ],
    [
      'trainval and test',
      {
        ...pair('a'),
        ...pair('b'),
        ...list('trainval', 'a'),
        ...list('train', 'a'),
        ...list('val', ''),
        ...list('test', 'b'),
      },
      {
        found: 'a Pascal VOC folder of 1 image with annotations',
        forms: ['boxes'],
        train: ' trainval',
        test: ' test',
        doubts: 0,
      },
    ],
    [
      'train and val',
      { ...pair('a'), ...pair('b'), ...list('trainval', 'a\nb'), ...list('train', 'a'), ...list('val', 'b') },
      {
        found: 'a Pascal VOC folder of 1 image with annotations',
        forms: ['boxes'],
        train: ' train',
        test: ' val',
        doubts: 1,
      },
    ],
    [
      'masks in the devkit',
      { ...pair('a', 'VOCdevkit/VOC2012/'), 'VOCdevkit/VOC2012/SegmentationClass/a.png': '' },
      {
        found: 'a Pascal VOC folder of 1 image with masks and annotations',
        forms: ['masks', 'boxes'],
        train: '/VOCdevkit',
        doubts: 0,
      },
    ],
    [
      "Roboflow's folders",
      { 'train/a.jpg': '', 'train/a.xml': '<annotation/>', 'valid/b.jpg': '', 'valid/b.xml': '<annotation/>' },
      {
        found: 'a Pascal VOC folder of 1 image with annotations',
        forms: ['boxes'],
        train: '/train',
        test: '/valid',
        doubts: 1,
      },
    ],
    ['the folders of a task', { 'images/a.jpg': '', 'annotations/a.xml': '<annotation/>' }, undefined],
    ['images alone', { 'images/a.jpg': '', 'train/a.jpg': '' }, undefined],
  ])('finds %s', async (_what, files, expected) => {
    expect(await detectIn(voc, files)).toEqual(expected);
  });
});

describe('one column for each class', () => {
  it.each<[string, Record<string, string>, Found | undefined]>([
    [
      "Roboflow's folders",
      {
        'train/_classes.csv': 'filename, cat, dog\na.jpg, 1, 0\nb.jpg, 0, 1',
        'train/a.jpg': '',
        'test/_classes.csv': 'filename,cat,dog\nc.jpg,1,0',
        'test/c.jpg': '',
      },
      {
        found: 'a table of 2 rows with a column of 0 and 1 for each of 2 classes',
        forms: ['image_classes'],
        train: '/train/_classes.csv',
        test: '/test/_classes.csv',
        doubts: 0,
      },
    ],
    ['a usual table', { 'labels.csv': 'filename,label,width\na.jpg,cat,9', 'a.jpg': '' }, undefined],
  ])('finds %s', async (_what, files, expected) => {
    expect(await detectIn(oneHot, files)).toEqual(expected);
  });
});
