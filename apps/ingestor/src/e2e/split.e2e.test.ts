import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ExitCode } from '@tracebloc/ingestor-core';
import type { TrainTestResult } from '@tracebloc/ingestor-pipeline';
import type { SplitReport } from '../services/split/split.js';
import { documentOf, start, type Ended, yamlOf } from '@tracebloc/ingestor-testing/command';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-split-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<Ended> =>
  start(args, { env: { CLIENT_ENV: 'local', STORAGE_PATH: join(folder, 'storage') }, cwd: folder }).ended;
const write = (name: string, content: string) => writeFile(join(folder, name), content);
const read = (name: string) => readFile(join(folder, name), 'utf8');

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index},b${index % 7},${index % 5 === 0 ? 'rare' : 'common'}\n`);

it('splits a file of any delimiter, tells how, and gives the same again', async () => {
  await write('data.csv', `a;b;y\n${rowsOf(100).join('').replaceAll(',', ';')}`);
  const ended = await run('split', 'data.csv', '--label', 'y');
  expect(ended).toMatchObject({ code: ExitCode.ok, stderr: '' });
  expect(ended.stdout).toBe(`✔ data.csv: 80 rows for training, 20 rows for testing
  chosen    at random, seed 0, y in proportion
  manifests data.train.csv, data.test.csv
  class     "rare": 16 and 4
  class     "common": 64 and 16
`);
  const first = [await read('data.train.csv'), await read('data.test.csv')];
  expect((await readdir(folder)).sort()).toEqual(['data.csv', 'data.test.csv', 'data.train.csv']);

  const refused = await run('split', 'data.csv', '--label', 'y', '--json');
  expect(refused.code).toBe(ExitCode.usage);
  expect(documentOf(refused)).toMatchObject({
    error: { code: 'file-exists', fix: [expect.stringContaining('--force')] },
  });

  await run('split', 'data.csv', '--label', 'y', '--force');
  expect([await read('data.train.csv'), await read('data.test.csv')]).toEqual(first);
  const other = await run('split', 'data.csv', '--force', '--seed', '1', '--test-size', '7', '--json');
  expect(documentOf<SplitReport>(other)).toMatchObject({
    ...{ outcome: 'written', by: 'chance', seed: 1, rows: { train: 93, test: 7, skipped: 0 }, classes: [] },
  });
  expect(await read('data.test.csv')).not.toBe(first[1]);
});

it.each([
  ['cp850', Buffer.from('a;b;y\r\n'), 0x82],
  ['shift_jis', Buffer.from('a;b;y\n'), 0xb1],
])('of a file in %s writes UTF-8, and configurations that say so', async (encoding, header, byte) => {
  const rows = Buffer.from(rowsOf(100).join('').replaceAll(',', ';').replaceAll('b', '\x01')).map((one) =>
    one === 1 ? byte : one,
  );
  await writeFile(join(folder, 'data.csv'), Buffer.concat([header, rows]));
  await write(
    'ingest.yaml',
    yamlOf({ table: 'things', csv: 'data.csv', spec: { csv_options: { delimiter: ';', encoding } } }),
  );
  expect(await run('split', '--config', 'ingest.yaml')).toMatchObject({ code: ExitCode.ok });
  expect(await read('data.train.csv')).toMatch(byte === 0x82 ? /^\d+;é\d;/m : /^\d+;ｱ\d;/m);
  const validated = await run('validate', '--config', 'train.yaml', '--config', 'test.yaml');
  expect(validated).toMatchObject({
    code: ExitCode.ok,
    stdout: expect.stringContaining('0 errors, 0 warnings') as unknown,
  });
});

it('with a configuration writes two that are ingested as they are', async () => {
  await write('data.csv', `a,b,y\n${rowsOf(100).join('')}`);
  await write('ingest.yaml', yamlOf({ table: 'things', csv: 'data.csv' }));
  const split = await run('split', '--config', 'ingest.yaml', '--json');
  expect(documentOf<SplitReport>(split)).toMatchObject({ label: 'y', classes: [{ test: 4 }, { test: 16 }] });
  expect(await read('test.yaml')).toMatch(/^table: "things_test"\nintent: "test"\ncsv: "data\.test\.csv"$/m);

  const ended = await run('ingest', '--config', 'train.yaml', '--config', 'test.yaml', '--json');
  expect(documentOf<TrainTestResult>(ended)).toMatchObject({
    ...{
      outcome: 'complete',
      validation: { between: { findings: [] } },
      train: { inserted: 80 },
      test: { inserted: 20 },
    },
  });
});

it('leaves other files where they are, and keeps rows of one file together when asked', async () => {
  await mkdir(join(folder, 'texts'));
  await mkdir(join(folder, 'out'));
  for (let index = 0; index < 20; index++) await write(`texts/t${index}.txt`, `text ${index}`);
  const rows = Array.from({ length: 40 }, (_, index) => `t${index >> 1},${'pq'[index % 2]}\n`);
  await write('labels.csv', `filename,label\n${rows.join('')}`);
  const fields = ['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'category: text_classification', 'table: texts'];
  await write('ingest.yaml', [...fields, 'intent: train', 'csv: labels.csv', 'label: label # p or q', ''].join('\n'));

  const args = ['split', '-c', 'ingest.yaml', '--group-by', 'filename', '--output-dir', 'out', '--json'];
  expect(documentOf<SplitReport>(await run(...args))).toMatchObject({ by: 'groups', groups: { train: 16, test: 4 } });
  expect((await readdir(join(folder, 'out'))).sort()).toEqual([
    ...['labels.test.csv', 'labels.train.csv', 'test.yaml', 'train.yaml'],
  ]);
  expect(await read('out/train.yaml')).toContain('label: label # p or q\ntexts: ../texts\n');
  const ended = await run('validate', '-c', 'out/train.yaml', '-c', 'out/test.yaml', '--json');
  expect(documentOf(ended)).toMatchObject({ valid: true, between: { errors: 0 } });
});

it('cuts a time series by time', async () => {
  const rows = Array.from({ length: 20 }, (_, index) => `2024-01-${String(index + 1).padStart(2, '0')},${index}\n`);
  await write('series.csv', `timestamp,price\n${rows.join('')}`);
  const label = { column: 'price', policy: 'bucket' };
  const schema = { timestamp: 'TIMESTAMP', price: 'FLOAT' };
  await write('ingest.yaml', yamlOf({ category: 'time_series_forecasting', csv: 'series.csv', label, schema }));
  const ended = await run('split', '-c', 'ingest.yaml');
  expect(ended.stdout).toContain('chosen    the latest rows for testing\n');
  expect(await read('series.test.csv')).toBe(`timestamp,price\n${rows.slice(16).join('')}`);
});

describe('leaves nothing', () => {
  it('where the file is not fit to be split', async () => {
    await write('data.csv', 'a,b,y\n1,x,p\n2,x\n');
    const ended = await run('split', 'data.csv', '--json');
    expect(ended.code).toBe(ExitCode.invalidData);
    expect(documentOf(ended)).toMatchObject({ outcome: 'invalid', findings: [{ code: 'ragged-row', row: 3 }] });
    const unsorted = await run('split', 'data.csv', '--time', 'a', '--group-by', 'b');
    expect(unsorted.code).toBe(ExitCode.usage);
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it.each<[string, string[], string]>([
    ['a size that is none', ['data.csv', '--test-size', '1.5'], 'wrong-usage'],
    ['a size that is all', ['data.csv', '--test-size', '2'], 'test-size-too-large'],
    ['no manifest', [], 'wrong-usage'],
    ['a manifest that is not there', ['gone.csv'], 'file-not-found'],
    ['a folder that is not there', ['data.csv', '--output-dir', 'gone'], 'file-not-writable'],
  ])('of %s', async (_name, args, code) => {
    await write('data.csv', 'a\n1\n2\n');
    const ended = await run('split', ...args, '--json');
    expect(ended.code).toBe(ExitCode.usage);
    expect(documentOf(ended)).toMatchObject({ error: { code } });
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it('never writes over what it reads', async () => {
    await write('data.csv', `a,b,y\n${rowsOf(10).join('')}`);
    await write('train.yaml', yamlOf({ csv: 'data.csv' }));
    const ended = await run('split', '-c', 'train.yaml', '--force', '--json');
    expect(documentOf(ended)).toMatchObject({ error: { code: 'output-is-input' } });
  });

  it('after Ctrl-C', async () => {
    await write('data.csv', `a,b,y\n${rowsOf(400_000).join('')}`);
    const running = start(['split', 'data.csv'], { env: {}, cwd: folder });
    while ((await readdir(folder)).length < 3) await sleep(5);
    await sleep(100);
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: ExitCode.interrupted, stdout: '' });
    expect(ended.stderr).toMatch(
      /^Stopping on SIGINT: removing what was written\.\nError: The split was interrupted; nothing/,
    );
    expect(await readdir(folder)).toEqual(['data.csv']);
  });
});
