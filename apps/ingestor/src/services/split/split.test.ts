import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type InstalledTask, loadTasks, resolve } from '@tracebloc/ingestor-cli';
import { validateTrainTest } from '@tracebloc/ingestor-pipeline';
import { yamlOf } from '@tracebloc/ingestor-testing/command';
import { loadHost } from '../../plugins/host.js';
import { splitCommand, type SplitCommand, type SplitReport } from './split.js';

const HOST = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let installed: InstalledTask[];

beforeAll(async () => {
  installed = await loadTasks(await loadHost(HOST));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-split-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const write = (name: string, content: string) => writeFile(path(name), content);
const read = (name: string) => readFile(path(name), 'utf8');
const tasks = () => installed.map(({ task }) => task);

/** Splits files below the folder. */
function split({ manifest, config, outputDir, ...more }: Partial<SplitCommand>): Promise<SplitReport> {
  const below = (name: string | undefined) => name && path(name);
  const paths = { manifest: below(manifest), config: below(config), outputDir: below(outputDir) };
  return splitCommand({ tasks: tasks(), testSize: '0.2', seed: 0, force: false, ...paths, ...more });
}

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index},b${index % 7},${index % 5 === 0 ? 'rare' : 'common'}\n`);

it('the same seed gives the same split, another seed another one, and files are replaced only by force', async () => {
  await write('data.csv', `a,b,y\n${rowsOf(100).join('')}`);
  await split({ manifest: 'data.csv', label: 'y' });
  const first = [await read('data.train.csv'), await read('data.test.csv')];
  await expect(split({ manifest: 'data.csv', label: 'y' })).rejects.toMatchObject({
    code: 'file-exists',
    exitCode: 2,
    fix: [expect.stringContaining('--force')],
  });
  await split({ manifest: 'data.csv', label: 'y', force: true });
  expect([await read('data.train.csv'), await read('data.test.csv')]).toEqual(first);
  expect(await split({ manifest: 'data.csv', force: true, seed: 1, testSize: '7' })).toMatchObject({
    ...{ outcome: 'written', by: 'chance', seed: 1, rows: { train: 93, test: 7, skipped: 0 }, classes: [] },
  });
  expect(await read('data.test.csv')).not.toBe(first[1]);
});

it('leaves other files where they are, and keeps rows of one file together when asked', async () => {
  await mkdir(path('texts'));
  for (let index = 0; index < 21; index++) await write(`texts/t${index}.txt`, `text ${index}`);
  const rows = Array.from({ length: 40 }, (_, index) => `t${index >> 1},${'pq'[index % 2]}\n`);
  await write('labels.csv', `filename,label\n${rows.join('')}`);
  const fields = ['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'category: text_classification', 'table: texts'];
  await write('ingest.yaml', [...fields, 'intent: train', 'csv: labels.csv', 'label: label # p or q', ''].join('\n'));

  const report = await split({ config: 'ingest.yaml', groupBy: 'filename', outputDir: 'out' });
  expect(report).toMatchObject({ by: 'groups', groups: { train: 16, test: 4 } });
  expect((await readdir(path('out'))).sort()).toEqual([
    ...['labels.test.csv', 'labels.train.csv', 'test.yaml', 'train.yaml'],
  ]);
  expect(await read('out/train.yaml')).toContain(
    'label: label # p or q\ntexts: ../texts\nother_manifests:\n  - labels.test.csv\n',
  );
  const configOf = async (name: string) =>
    (await resolve({ tasks: tasks(), purpose: 'validate', flags: { config: path(name) }, env: {} })).config;
  const both = { train: await configOf('out/train.yaml'), test: await configOf('out/test.yaml') };
  // Each half knows the files of the other, so only the file that neither names is left.
  const message: unknown = expect.stringMatching(/^1 of 21 .*: t20\.txt\.$/);
  const unnamed: unknown = expect.arrayContaining([expect.objectContaining({ code: 'unnamed-file', message })]);
  expect(await validateTrainTest(both)).toMatchObject({
    ...{ valid: true, between: { errors: 0 } },
    ...{ train: { findings: unnamed }, test: { findings: unnamed } },
  });

  // Halves of a half know the files of all.
  await split({ config: 'out/train.yaml', groupBy: 'filename', outputDir: 'out/again' });
  expect(await read('out/again/test.yaml')).toContain(
    'other_manifests:\n  - ../labels.test.csv\n  - labels.train.csv\n',
  );
  const again = { train: await configOf('out/again/train.yaml'), test: await configOf('out/again/test.yaml') };
  expect(await validateTrainTest(again)).toMatchObject({ train: { findings: unnamed }, test: { findings: unnamed } });
});

it('the halves of images with one row for each object are valid without a finding', async () => {
  const shapes = join(HOST, '../../plugins/object-detection/samples/shapes');
  await cp(shapes, path('shapes'), { recursive: true });
  await split({ config: 'shapes/train.yaml', groupBy: 'filename', outputDir: 'halves' });
  const configOf = async (name: string) =>
    (await resolve({ tasks: tasks(), purpose: 'validate', flags: { config: path(name) }, env: {} })).config;
  const both = { train: await configOf('halves/train.yaml'), test: await configOf('halves/test.yaml') };
  const { valid, train, test, between } = await validateTrainTest(both);
  expect([valid, train.findings, test.findings, between.findings]).toEqual([true, [], [], []]);
});

it('the column of file names may have any name', async () => {
  await mkdir(path('texts'));
  for (let index = 0; index < 11; index++) await write(`texts/t${index}.txt`, `text ${index}`);
  await write(
    'labels.csv',
    `doc,label\n${Array.from({ length: 10 }, (_, row) => `t${row},${'pq'[row % 2]}\n`).join('')}`,
  );
  const fields = { category: 'text_classification', csv: 'labels.csv', label: 'label', filename_column: 'doc' };
  await write('ingest.yaml', yamlOf({ ...fields, schema: {} }).replace('schema:\n', ''));
  expect(await split({ config: 'ingest.yaml', outputDir: 'halves' })).toMatchObject({ findings: [] });
  const configOf = async (name: string) =>
    (await resolve({ tasks: tasks(), purpose: 'validate', flags: { config: path(name) }, env: {} })).config;
  const both = { train: await configOf('halves/train.yaml'), test: await configOf('halves/test.yaml') };
  const { train, test } = await validateTrainTest(both);
  for (const { findings } of [train, test]) {
    expect(findings).toMatchObject([
      { code: 'unnamed-file', message: expect.stringMatching(/^1 of 11 .*: t10\.txt\.$/) },
    ]);
  }
});

it('asked for nothing, warns of rows that share a file', async () => {
  await write('boxes.csv', `filename,label\n${Array.from({ length: 40 }, (_, row) => `t${row >> 2},a\n`).join('')}`);
  expect(await split({ manifest: 'boxes.csv' })).toMatchObject({
    findings: [
      { code: 'group-in-both', column: 'filename', fix: expect.stringContaining('--group-by filename') as unknown },
    ],
  });
});

it('a name that ends in train is not doubled, and the folder is made with those above it', async () => {
  await write('customers_train.csv', `a,b,y\n${rowsOf(20).join('')}`);
  await write('ingest.yaml', yamlOf({ csv: 'customers_train.csv', table: 'customers_train' }));
  await split({ config: 'ingest.yaml', outputDir: 'made/for/it' });
  expect((await readdir(path('made/for/it'))).sort()).toEqual([
    ...['customers_test.csv', 'customers_train.csv', 'test.yaml', 'train.yaml'],
  ]);
  expect(await read('made/for/it/train.yaml')).toMatch(/^table: "?customers_train"?$/m);
  expect(await read('made/for/it/test.yaml')).toMatch(/^table: "?customers_test"?$/m);
  // In its own folder the manifest would be replaced.
  await expect(split({ manifest: 'customers_train.csv', force: true })).rejects.toMatchObject({
    code: 'output-is-input',
    fix: ['Write to another folder, such as --output-dir halves; it is made.'],
  });
});

it('cuts a time series by time', async () => {
  const rows = Array.from({ length: 20 }, (_, index) => `2024-01-${String(index + 1).padStart(2, '0')},${index}\n`);
  await write('series.csv', `timestamp,price\n${rows.join('')}`);
  const label = { column: 'price', policy: 'bucket' };
  const schema = { timestamp: 'TIMESTAMP', price: 'FLOAT' };
  await write('ingest.yaml', yamlOf({ category: 'time_series_forecasting', csv: 'series.csv', label, schema }));
  expect(await split({ config: 'ingest.yaml' })).toMatchObject({ by: 'time' });
  expect(await read('series.test.csv')).toBe(`timestamp,price\n${rows.slice(16).join('')}`);
});

describe('nothing is written', () => {
  it.each<[string, Partial<SplitCommand>, string]>([
    ['a size that is not a fraction', { manifest: 'data.csv', testSize: '1.5' }, 'wrong-usage'],
    ['a size of all rows', { manifest: 'data.csv', testSize: '2' }, 'test-size-too-large'],
    ['no manifest', {}, 'wrong-usage'],
    ['a manifest that does not exist', { manifest: 'gone.csv' }, 'file-not-found'],
    ['a folder below a file', { manifest: 'data.csv', outputDir: 'data.csv/out' }, 'file-not-writable'],
    [
      'a folder whose name is too long',
      { manifest: 'data.csv', outputDir: `out/${'x'.repeat(300)}` },
      'file-not-writable',
    ],
    [
      'a new folder and a size of all rows',
      { manifest: 'data.csv', outputDir: 'new/out', testSize: '2' },
      'test-size-too-large',
    ],
  ])('with %s', async (_what, command, code) => {
    await write('data.csv', 'a\n1\n2\n');
    await expect(split(command)).rejects.toMatchObject({ code, exitCode: 2 });
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it('and a folder that existed stays', async () => {
    await write('data.csv', 'a\n1\n2\n');
    await mkdir(path('old'));
    await expect(split({ manifest: 'data.csv', outputDir: 'old/new', testSize: '2' })).rejects.toThrow();
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(['data.csv', 'old']);
  });

  it('over what is read', async () => {
    await write('data.csv', `a,b,y\n${rowsOf(10).join('')}`);
    await write('train.yaml', yamlOf({ csv: 'data.csv' }));
    await expect(split({ config: 'train.yaml', force: true })).rejects.toMatchObject({ code: 'output-is-input' });
  });
});

describe('sequences', () => {
  /** Rows of 20 sequences that interleave. Every fourth sequence is of the class q. */
  const rows = Array.from({ length: 100 }, (_, row) => `s${row % 20},${row},${row / 8},${row % 4 ? 'p' : 'q'}\n`);

  beforeEach(async () => {
    await write('runs.csv', `sequence_id,step,x,y\n${rows.join('')}`);
    const schema = { sequence_id: 'VARCHAR(8)', step: 'INT', x: 'FLOAT' };
    const fields = { category: 'time_series_classification', csv: 'runs.csv', label: 'y', time_column: 'step' };
    await write('ingest.yaml', yamlOf({ ...fields, schema }));
  });

  it('stay whole without being asked, and the halves are valid together', async () => {
    expect(await split({ config: 'ingest.yaml', outputDir: 'halves' })).toMatchObject({
      ...{ by: 'groups', groups: { train: 16, test: 4 }, rows: { train: 80, test: 20 }, findings: [] },
      classes: [
        { label: 'q', train: 20, test: 5 },
        { label: 'p', train: 60, test: 15 },
      ],
    });
    const idsOf = async (name: string) => new Set([...(await read(name)).matchAll(/^s\d+/gm)].map(([id]) => id));
    const [train, test] = [await idsOf('halves/runs.train.csv'), await idsOf('halves/runs.test.csv')];
    expect([...train].filter((id) => test.has(id))).toEqual([]);
    expect(await betweenHalves()).toEqual([]);
  });

  it('are found if they span train and test, once each', async () => {
    await split({ config: 'ingest.yaml', outputDir: 'halves' });
    const [train, test] = ['halves/runs.train.csv', 'halves/runs.test.csv'];
    const moved = (await read(test)).trimEnd().split('\n').slice(-5);
    await write(train, `${await read(train)}${moved.join('\n')}\n`);
    await write(test, (await read(test)).replace(`${moved.join('\n')}\n`, ''));
    const ids = [...new Set(moved.map((row) => row.split(',')[0]))];
    const found = await betweenHalves();
    expect(found.map(({ code, column }) => [code, column])).toEqual(ids.map(() => ['leaked-group', 'sequence_id']));
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set(ids));
    expect(found[0]!.message).toMatch(/^The sequence of the row is also in the train dataset, in row 8\d of .*\.$/);
    // What the fix says: all rows of a sequence go to one side.
    await write(test, (await read(test)).replaceAll(new RegExp(`^(${ids.join('|')}),.*\n`, 'gm'), ''));
    expect((await betweenHalves()).map(({ code }) => code)).toEqual([]);
  });

  it('are not cut by time', async () => {
    await expect(split({ config: 'ingest.yaml', time: 'step' })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: 'A cut by time would divide a sequence between train and test.',
    });
  });

  async function betweenHalves() {
    const configOf = async (name: string) =>
      (await resolve({ tasks: tasks(), purpose: 'validate', flags: { config: path(name) }, env: {} })).config;
    const both = { train: await configOf('halves/train.yaml'), test: await configOf('halves/test.yaml') };
    return (await validateTrainTest(both)).between.findings;
  }
});
