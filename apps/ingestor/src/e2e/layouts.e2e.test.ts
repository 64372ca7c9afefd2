import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type Row, start, World } from '@tracebloc/ingestor-testing/command';
import { sampleImages } from '@tracebloc/ingestor-testing';

/** The columns that differ from run to run. */
const OF_THE_RUN = ['created_at', 'updated_at', 'data_id', 'ingestor_id'];
const SIZE = 64;

/** What the pictures show, with edges at whole pixels. */
const THINGS: Readonly<Record<string, readonly [name: string, ...edges: number[]][]>> = {
  'a.jpg': [['car', 1, 2, 30, 40]],
  'b-1.jpg': [
    ['sign', 0, 0, 64, 64],
    ['car', 10, 20, 12, 64],
  ],
  'b.jpg': [['sign', 5, 5, 6, 7]],
};
const NAMES = Object.keys(THINGS);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-layouts-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a dataset with its configuration, and returns its folder. */
async function write(name: string, config: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const root = join(folder, name);
  const yaml = `apiVersion: tracebloc.io/v1\nkind: IngestConfig\nintent: train\n${config}`;
  for (const [path, content] of Object.entries({ ...files, 'ingest.yaml': yaml })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Ingests a dataset into a separate storage folder, and returns the rows of the table with the files. */
async function ingest(
  name: string,
  config: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<{ rows: Row[]; files: Record<string, string> }> {
  const root = await write(name, config, files);
  const storage = join(root, 'storage');
  await mkdir(storage);
  const env = { CLIENT_ENV: 'local', STORAGE_PATH: storage, DB_NAME: 'embedded' };
  expect(await start(['ingest', '-c', 'ingest.yaml', '--json'], { env, cwd: root }).ended).toMatchObject({ code: 0 });
  const database = new DatabaseSync(join(storage, 'embedded.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT * FROM things ORDER BY filename').all() as Row[];
  database.close();
  return { rows: rows.map(comparable), files: await filesIn(join(storage, 'things')) };
}

async function filesIn(path: string): Promise<Record<string, string>> {
  const contents = (await readdir(path)).sort().map(async (file) => [file, await readFile(join(path, file), 'latin1')]);
  return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
}

function comparable(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !OF_THE_RUN.includes(name) && name !== 'id'));
}

async function imagesBelow(path: string): Promise<Record<string, Buffer>> {
  const entries = NAMES.map(async (name) => [join(path, name), await sampleImages.jpeg(SIZE, SIZE)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const stemOf = (name: string): string => name.replace('.jpg', '');

function annotationsBelow(path: string): Record<string, string> {
  const entries = NAMES.map((name) => {
    const objects = THINGS[name]!.map(
      ([label, left, top, right, bottom]) =>
        `<object><name>${label}</name><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
    );
    const size = `<size><width>${SIZE}</width><height>${SIZE}</height><depth>3</depth></size>`;
    const text = `<annotation><filename>${name}</filename>${size}${objects.join('')}</annotation>`;
    return [join(path, `${stemOf(name)}.xml`), text];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const DETECTION = `table: things\ncategory: object_detection\ntarget_size: [${SIZE}, ${SIZE}]\n`;

function cocoFile(): string {
  return JSON.stringify({
    images: NAMES.map((name, id) => ({ id, file_name: name, width: SIZE, height: SIZE })).reverse(),
    annotations: NAMES.flatMap((name, image_id) =>
      THINGS[name]!.map(([label, left, top, right, bottom]) => {
        return { image_id, category_id: label === 'car' ? 1 : 2, bbox: [left, top, right! - left!, bottom! - top!] };
      }),
    ),
    categories: ['car', 'sign'].map((label, at) => ({ id: at + 1, name: label })),
  });
}

function yoloLabels(): Record<string, string> {
  const entries = NAMES.map((name) => {
    const lines = THINGS[name]!.map(([label, left, top, right, bottom]) => {
      const numbers = [(left! + right!) / 2, (top! + bottom!) / 2, right! - left!, bottom! - top!];
      return [label === 'car' ? 1 : 0, ...numbers.map((one) => (one / SIZE).toFixed(6))].join(' ');
    });
    return [`labels/train/${stemOf(name)}.txt`, lines.join('\n')];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

it('ingests the same rows and files of a dataset for object detection in every layout', async () => {
  const images = await imagesBelow('images');
  const manifest = `filename\n${NAMES.join('\n')}\n`;
  const expected = await ingest('csv', `${DETECTION}csv: labels.csv\n`, {
    ...images,
    ...annotationsBelow('annotations'),
    'labels.csv': manifest,
  });
  expect(expected.rows).toHaveLength(NAMES.length);
  expect(Object.keys(expected.files)).toHaveLength(2 * NAMES.length);

  const coco = { ...images, 'labels.json': cocoFile() };
  expect(await ingest('coco', `${DETECTION}coco: labels.json\n`, coco)).toEqual(expected);
  expect(
    await ingest('yolo', `${DETECTION}yolo: data.yaml\n`, {
      ...(await imagesBelow('images/train')),
      ...yoloLabels(),
      'data.yaml': 'train: images/train\nnames: {0: sign, 1: car}\n',
    }),
  ).toEqual(expected);
  expect(
    await ingest('voc', `${DETECTION}voc: .\n`, {
      ...(await imagesBelow('JPEGImages')),
      ...annotationsBelow('Annotations'),
      'ImageSets/Main/train.txt': NAMES.map(stemOf).reverse().join('\n'),
    }),
  ).toEqual(expected);
  expect(
    await ingest('pairs', `${DETECTION}images: images\nannotations: annotations\n`, {
      ...images,
      ...annotationsBelow('annotations'),
    }),
  ).toEqual(expected);
}, 120_000);

it('ingests the same rows and files of a layout in several processes, whose findings are told once', async () => {
  const world = await World.start();
  try {
    const files = { ...(await imagesBelow('images')), 'labels.json': cocoFile() };
    const expected = await ingest('whole', `${DETECTION}coco: labels.json\n`, files);
    const root = await write('shards', `${DETECTION}coco: labels.json\n`, files);
    const ingestIn = (cwd: string) =>
      Promise.all(
        ['0', '1'].map((index) => {
          const args = ['ingest', '-c', 'ingest.yaml', '--shards', '2', '--shard-index', index, '--json'];
          return start(args, { env: world.local, cwd }).ended;
        }),
      );
    const both = await ingestIn(root);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const rows = (await world.rows('things')).map(({ filename, annotation, extension }) => [
      filename,
      annotation,
      extension,
    ]);
    const whole = expected.rows.map(({ filename, annotation, extension }) => [filename, annotation, extension]);
    expect(rows.sort()).toEqual(whole);
    expect(await filesIn(join(world.storage, 'things'))).toEqual(expected.files);

    // Both read the whole file, and one of them says what is wrong with it.
    const broken = { ...files, 'labels.json': cocoFile().replace('"category_id":2', '"category_id":9') };
    const ended = await ingestIn(
      await write('broken', `${DETECTION.replace('things', 'broken')}coco: labels.json\n`, broken),
    );
    expect(ended[0]!.code).toBe(3);
    // The other one may be done with its rows before. Nothing is published.
    const told = ended.map(({ stdout, stderr }) => (stdout + stderr).includes('No entry of `categories`'));
    expect(told[0]).toBe(true);
    expect(Object.keys((await world.traces()).tables)).not.toContain('broken');
  } finally {
    await world.stop();
  }
}, 120_000);

it('ingests the same masks of a dataset in COCO and YOLO', async () => {
  const config = `table: things\ncategory: semantic_segmentation\nlabel: label\ntarget_size: [${SIZE}, ${SIZE}]\nspec: {file_options: {extension: .jpg}}\n`;
  const edgesOf = ([, left, top, right, bottom]: readonly [string, ...number[]]) => [
    left!,
    top!,
    right!,
    top!,
    right!,
    bottom!,
    left!,
    bottom!,
  ];
  const annotations = NAMES.flatMap((name, image_id) =>
    THINGS[name]!.map((thing) => {
      return { image_id, category_id: thing[0] === 'car' ? 1 : 2, segmentation: [edgesOf(thing)] };
    }),
  );
  const coco = JSON.stringify({ ...(JSON.parse(cocoFile()) as object), annotations });
  const images = await imagesBelow('images');
  const expected = await ingest('coco-masks', `${config}coco: labels.json\n`, { ...images, 'labels.json': coco });
  expect(expected.rows.map(({ filename, label }) => [filename, label])).toEqual([
    ['a', 'car'],
    ['b', 'sign'],
    ['b-1', 'car sign'],
  ]);
  const { data } = await sharp(Buffer.from(expected.files['b-1_mask.png']!, 'latin1'))
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const counts = [0, 1, 2].map((value) => data.filter((one) => one === value).length);
  expect(counts).toEqual([0, 2 * 44, SIZE * SIZE - 2 * 44]);

  const labels = NAMES.map((name) => {
    const lines = THINGS[name]!.map((thing) => {
      return [thing[0] === 'car' ? 1 : 0, ...edgesOf(thing).map((one) => (one / SIZE).toFixed(6))].join(' ');
    });
    return [`labels/${stemOf(name)}.txt`, lines.join('\n')];
  });
  expect(
    await ingest('yolo-masks', `${config}yolo: classes.txt\n`, {
      ...images,
      ...(Object.fromEntries(labels) as Record<string, string>),
      'classes.txt': 'sign\ncar\n',
    }),
  ).toEqual(expected);
}, 120_000);

it('ingests the same keypoints of a dataset in COCO and in a manifest', async () => {
  const config = `table: things\ncategory: keypoint_detection\nlabel: label\ntarget_size: [${SIZE}, ${SIZE}]\nnumber_of_keypoints: 2\nspec: {file_options: {extension: .jpg}}\n`;
  const images = await imagesBelow('images');
  const categories = ['car', 'sign'].map((name, at) => ({ id: at + 1, name, keypoints: ['front', 'back'] }));
  const annotations = NAMES.map((_name, image_id) => {
    return { image_id, category_id: (image_id % 2) + 1, keypoints: [image_id, 5, 2, 30, 40.5, 1] };
  });
  const coco = JSON.stringify({ ...(JSON.parse(cocoFile()) as object), annotations, categories });
  const rows = NAMES.map((name, at) => {
    const points = `"{""front"":[${at},5],""back"":[30,40.5]}"`;
    return `${name},${points},"{""front"":1,""back"":0}",${at % 2 === 0 ? 'car' : 'sign'}\n`;
  });
  const manifest = `filename,Annotation,Visibility,label\n${rows.join('')}`;
  const expected = await ingest('points', `${config}csv: labels.csv\n`, { ...images, 'labels.csv': manifest });
  expect(expected.rows).toHaveLength(NAMES.length);
  expect(await ingest('coco-points', `${config}coco: labels.json\n`, { ...images, 'labels.json': coco })).toEqual(
    expected,
  );
}, 120_000);

it('ingests the same rows and files of classes in folders, in columns and in a manifest', async () => {
  const config = `table: things\ncategory: image_classification\nlabel: label\ntarget_size: [${SIZE}, ${SIZE}]\nspec: {file_options: {extension: .jpg}}\n`;
  const classOf = (name: string): string => (name === 'b.jpg' ? 'sign' : 'car');
  const manifest = `filename,label\n${NAMES.map((name) => `${name},${classOf(name)}\n`).join('')}`;
  const images = await imagesBelow('images');
  const expected = await ingest('classes', `${config}csv: labels.csv\n`, { ...images, 'labels.csv': manifest });
  const moved = Object.entries(images).map(([path, bytes]) => {
    const name = path.replace('images/', '');
    return [`data/${classOf(name)}/${name}`, bytes];
  });
  const folders = Object.fromEntries(moved) as Record<string, Buffer>;
  expect(await ingest('folders', `${config}class_folders: data\n`, folders)).toEqual(expected);
  const columns = `filename, car, sign\n${NAMES.map((name) => `${name}, ${classOf(name) === 'car' ? '1, 0' : '0, 1'}\n`).join('')}`;
  expect(
    await ingest('columns', `${config}one_hot: images/_classes.csv\n`, { ...images, 'images/_classes.csv': columns }),
  ).toEqual(expected);
}, 120_000);
