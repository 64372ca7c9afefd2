import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type DataForm, type JsonObject, TableError } from '@tracebloc/ingestor-contract';
import { folderOf, imageOf, openLayout, type Opened } from '../layout.test-support.js';
import { coco } from './layout.js';

let image: Buffer;
beforeAll(async () => {
  image = await imageOf(8, 6);
});

const IMAGES = [
  { id: 1, file_name: 'b.png', width: 8, height: 6 },
  { id: 2, file_name: 'a.png', width: 8, height: 6 },
];
const CATEGORIES = [
  { id: 3, name: 'zebra' },
  { id: 1, name: 'ant', keypoints: ['head', 'tail'] },
];
const box = (id: number, more: object = {}) => ({ id, image_id: 1, category_id: 3, bbox: [1, 2, 3, 4], ...more });

/** Opens a file beside `a.png` and `b.png`, or other images. */
async function openFile(
  content: object,
  form: DataForm = 'boxes',
  { options = {}, images = ['a.png', 'b.png'] }: { options?: JsonObject; images?: string[] } = {},
): Promise<Opened> {
  const files = Object.fromEntries(images.map((name) => [name, image]));
  const root = await folderOf({ ...files, 'labels.json': JSON.stringify(content) });
  return openLayout(coco, join(root, 'labels.json'), form, { options });
}

const open = (annotations: object[], form?: DataForm, options?: JsonObject): Promise<Opened> =>
  openFile({ images: IMAGES, annotations, categories: CATEGORIES }, form, { options });

/** The codes of the findings with the places, without those about classes that have no object. */
const codesOf = ({ findings }: Opened): (string | number | undefined)[][] =>
  findings.filter(({ code }) => code !== 'unused-class').map(({ code, row, column }) => [code, column, row]);

describe('boxes', () => {
  it('gives a row and a VOC file for each image, in the order of the names', async () => {
    const { rows, files } = await open([
      box(1),
      box(2, { image_id: 2, category_id: 1, bbox: [0, 0, 1.5, 1], iscrowd: 1, attributes: { occluded: true } }),
    ]);
    expect(rows).toEqual([['a.png'], ['b.png']]);
    expect(files['annotations/a.xml']).toContain(
      '<object><name>ant</name><truncated>0</truncated><difficult>1</difficult><occluded>1</occluded>' +
        '<bndbox><xmin>0</xmin><ymin>0</ymin><xmax>1.5</xmax><ymax>1</ymax></bndbox></object>',
    );
    expect(files['annotations/b.xml']).toContain('<xmin>1</xmin><ymin>2</ymin><xmax>4</xmax><ymax>6</ymax>');
    expect(files['annotations/b.xml']).toContain('<width>8</width><height>6</height>');
  });

  it('names the element of a row, of a file and of a line', async () => {
    const { table } = await open([box(1), box(2, { image_id: 2 }), box(3)]);
    expect(table.locate!(undefined, 1)).toMatchObject({ row: 2, column: 'images' });
    expect(table.locate!('annotations/b.xml', undefined)).toMatchObject({ row: 1, column: 'images' });
    expect(table.locate!('annotations/b.xml', 5)).toMatchObject({ row: 3, column: 'annotations' });
    expect(table.locate!('images/b.png', 5)).toBeUndefined();
  });

  it('takes the box of an outline if an annotation has no box', async () => {
    const { files } = await open([
      box(1, { bbox: undefined, segmentation: [[1, 1, 4, 2, 3, 5.5]] }),
      box(2, { bbox: null, segmentation: { size: [6, 8], counts: [7, 4, 37] } }),
    ]);
    expect(files['annotations/b.xml']).toContain('<xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>5.5</ymax>');
    expect(files['annotations/b.xml']).toContain('<xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>5</ymax>');
  });

  it('reads the size of an image from its header where the file does not say it', async () => {
    const images = [
      { id: 1, file_name: 'a.png' },
      { id: 2, file_name: 'b.png', width: 0, height: 0 },
    ];
    const { files } = await openFile({ images, annotations: [], categories: CATEGORIES });
    for (const name of ['a', 'b'])
      expect(files[`annotations/${name}.xml`]).toContain('<width>8</width><height>6</height>');
  });

  it('takes ids that are texts', async () => {
    const images = [
      { ...IMAGES[0], id: 'x' },
      { ...IMAGES[1], id: '7' },
    ];
    const annotations = [box(1, { image_id: 'x', category_id: 'c' }), box(2, { image_id: 7, category_id: 'c' })];
    const opened = await openFile({ annotations, images, categories: [{ id: 'c', name: 'car' }] });
    expect(opened.findings).toEqual([]);
    for (const name of ['a', 'b']) expect(opened.files[`annotations/${name}.xml`]).toContain('<name>car</name>');
  });

  it('reads only the classes that are chosen', async () => {
    const annotations = [box(1), box(2, { category_id: 1 })];
    const { files, findings } = await open(annotations, 'boxes', { classes: ['ant'] });
    expect(files['annotations/b.xml']!.match(/<name>.*?<.name>/g)).toEqual(['<name>ant</name>']);
    expect(findings).toEqual([]);
    await expect(open(annotations, 'boxes', { classes: ['bee'] })).rejects.toThrow(/classes names "bee"/);
  });

  it('names images of several folders by their paths if two have the same name', async () => {
    const names = ['left/1.png', 'right\\1.png'];
    const images = names.map((name, id) => ({ id, file_name: name, width: 8, height: 6 }));
    const opened = await openFile({ images, annotations: [], categories: [] }, 'boxes', {
      images: ['left/1.png', 'right/1.png'],
    });
    expect(opened.rows).toEqual([['left_1.png'], ['right_1.png']]);
    expect(opened.files['images/left_1.png']).toMatch(/\/left\/1\.png$/);
    expect(opened.files['annotations/left_1.xml']).toContain('<filename>1.png</filename>');
    expect(opened.notes).toHaveLength(1);
  });

  it('finds images whatever the form of their accents and the case of their extension', async () => {
    const images = [{ id: 1, file_name: 'caf\u00e9.png', width: 8, height: 6 }];
    const opened = await openFile({ images, annotations: [], categories: [] }, 'boxes', {
      images: ['cafe\u0301.png', 'other.png'],
    });
    expect(opened.rows).toEqual([['cafe\u0301.png']]);
    expect(opened.notes).toEqual([
      'Images beside those of the file, which it does not list and which are not read: 1.',
    ]);
  });

  it('passes over the class that Roboflow writes for the dataset', async () => {
    const categories = [
      { id: 0, name: 'things', supercategory: 'none' },
      { id: 3, name: 'car', supercategory: 'things' },
    ];
    expect((await openFile({ images: IMAGES, annotations: [box(1)], categories })).findings).toEqual([]);
  });

  it.each<[string, object[], unknown[]]>([
    ['an unknown image', [box(1), box(2, { image_id: 9 })], ['annotation-without-image', 'annotations', 2]],
    ['no image', [box(1, { image_id: undefined })], ['invalid-annotation', 'annotations', 1]],
    ['an unknown class', [box(1, { category_id: 9 })], ['unknown-class', 'annotations', 1]],
    ['a box of text', [box(1, { bbox: ['1', 2, 3, 4] })], ['invalid-annotation', 'annotations', 1]],
    ['a box of three numbers', [box(1, { bbox: [1, 2, 3] })], ['invalid-annotation', 'annotations', 1]],
    ['a box of a width below 0', [box(1, { bbox: [5, 2, -3, 1] })], ['invalid-annotation', 'annotations', 1]],
    ['no box', [box(1, { bbox: [] })], ['object-without-shape', 'annotations', 1]],
  ])('reports an annotation with %s', async (_what, annotations, expected) => {
    expect(codesOf(await open(annotations))).toEqual([expected]);
  });

  it.each<[string, object, unknown[]]>([
    ['no name', { id: 3 }, ['invalid-image-entry', 'images', 3]],
    ['no id', { file_name: 'a.png' }, ['invalid-image-entry', 'images', 3]],
    ['an id that another has', { id: 1, file_name: 'c.png' }, ['duplicate-image-entry', 'images', 3]],
    ['a file that another has', { id: 3, file_name: './a.png' }, ['duplicate-image-entry', 'images', 3]],
    ['a path out of the folder', { id: 3, file_name: '../a.png' }, ['unsafe-image-path', 'images', 3]],
    ['an absolute path', { id: 3, file_name: 'C:\\a.png' }, ['unsafe-image-path', 'images', 3]],
    ['a size that is none', { id: 3, file_name: 'c.png', width: -1, height: 2 }, ['invalid-image-entry', 'images', 3]],
  ])('reports an image with %s', async (_what, entry, expected) => {
    const opened = await openFile({ images: [...IMAGES, entry], annotations: [], categories: [] });
    expect(codesOf(opened)).toEqual([expected]);
  });

  it('reports classes without objects', async () => {
    expect((await open([box(1)])).findings).toMatchObject([
      { code: 'unused-class', severity: 'warning', value: 'ant' },
    ]);
  });

  it('reports NaN, which is not JSON', async () => {
    const text = JSON.stringify({ images: IMAGES, annotations: [box(1)], categories: CATEGORIES });
    const root = await folderOf({ 'a.png': image, 'b.png': image, 'x.json': text.replace('[1,2', '[NaN,2') });
    expect(codesOf(await openLayout(coco, join(root, 'x.json'), 'boxes'))).toEqual([
      ['invalid-annotation', 'annotations', 1],
    ]);
  });

  it.each([
    [{ annotations: [], categories: [] }, /names no image/],
    [{ images: [{ id: 1, file_name: 'other.png' }] }, /None of the folders/],
  ])('refuses a file without the images', async (content, message) => {
    const opened = openFile(content);
    await expect(opened).rejects.toThrow(TableError);
    await expect(opened).rejects.toThrow(message);
  });
});

describe('masks', () => {
  const square = [1, 1, 4, 1, 4, 4, 1, 4];

  it('gives a mask for each image, whose values are the positions of the sorted classes', async () => {
    const { rows, files, findings } = await open(
      [
        box(1, { segmentation: [square] }),
        box(2, { category_id: 1, segmentation: { size: [6, 8], counts: [0, 1, 5, 1, 41] } }),
        box(3, { category_id: 1, segmentation: { size: [6, 8], counts: [46, 2] } }),
      ],
      'masks',
    );
    expect(rows).toEqual([
      ['a.png', 'a_mask', 'background'],
      ['b.png', 'b_mask', 'ant zebra'],
    ]);
    expect(Object.keys(files)).toEqual(['images/a.png', 'images/b.png', 'masks/a_mask.png', 'masks/b_mask.png']);
    expect(findings).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no outline', [], 'object-without-shape'],
    ['two points', [[1, 1, 2, 2]], 'invalid-annotation'],
    ['half a point', [[1, 1, 2, 2, 3, 3, 4]], 'invalid-annotation'],
    ['runs that end early', { size: [6, 8], counts: [0, 47] }, 'invalid-annotation'],
    ['a mask of another size', { size: [8, 6], counts: [0, 48] }, 'invalid-annotation'],
    ['a text that is not a mask', { size: [6, 8], counts: 'ä' }, 'invalid-annotation'],
  ])('reports an annotation with %s', async (_what, segmentation, code) => {
    expect(codesOf(await open([box(1, { segmentation })], 'masks'))).toEqual([[code, 'annotations', 1]]);
  });
});

describe('keypoints', () => {
  it('gives a row for each object that has labelled points', async () => {
    const { rows, table } = await open(
      [
        box(1, { category_id: 1, keypoints: [1, 2, 2, 3.5, 4, 1] }),
        box(2, { category_id: 1, keypoints: [0, 0, 0, 0, 0, 0] }),
        box(3, { category_id: 1, image_id: 2, keypoints: [5, 5, 2, 0, 0, 0] }),
        box(4),
      ],
      'keypoints',
    );
    expect(table.columns.map(({ name }) => name)).toEqual(['filename', 'Annotation', 'Visibility', 'label']);
    expect(rows).toEqual([
      ['a.png', '{"head":[5,5],"tail":[0,0]}', '{"head":1,"tail":0}', 'ant'],
      ['b.png', '{"head":[1,2],"tail":[3.5,4]}', '{"head":1,"tail":0}', 'ant'],
    ]);
    expect(table.locate!(undefined, 2)).toMatchObject({ row: 1, column: 'images' });
  });

  it.each([[[1, 2]], [[1, 2, 3]], [[1, 2, 2]]])('reports points as %j', async (keypoints) => {
    expect(codesOf(await open([box(1, { category_id: 1, keypoints })], 'keypoints'))).toHaveLength(1);
  });
});

describe('places', () => {
  it('takes the folder that is named', async () => {
    const content = { images: [IMAGES[1]], annotations: [], categories: [] };
    const root = await folderOf({ 'labels.json': JSON.stringify(content), 'a.png': image, 'pictures/a.png': image });
    const opened = await openLayout(coco, join(root, 'labels.json'), 'boxes', {
      folders: { images: join(root, 'pictures') },
    });
    expect(opened.files['images/a.png']).toBe(join(root, 'pictures/a.png'));
  });

  it.each([
    ['annotations/instances_train2017.json', 'train2017/a.png', 'a.png'],
    ['annotations/instances_default.json', 'images/default/a.png', 'a.png'],
    ['annotations/person_keypoints_val.json', 'images/a.png', 'a.png'],
    ['annotations/person_keypoints_train2017.json', 'train2017/a.png', 'a.png'],
    ['train/_annotations.coco.json', 'train/a.png', 'a.png'],
    ['result.json', 'images/a.png', 'images\\a.png'],
    ['annotations/x.json', 'images/a.png', 'images/a.png'],
  ])('finds the images of %s at %s', async (file, at, name) => {
    const content = { images: [{ id: 1, file_name: name, width: 8, height: 6 }], annotations: [], categories: [] };
    const root = await folderOf({ [file]: JSON.stringify(content), [at]: image });
    expect((await openLayout(coco, join(root, file), 'boxes')).files['images/a.png']).toBe(join(root, at));
  });
});
