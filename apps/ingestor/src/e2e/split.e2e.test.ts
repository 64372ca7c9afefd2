import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

it('splits a file of any delimiter, and shows how', async () => {
  await write('data.csv', `a;b;y\n${rowsOf(100).join('').replaceAll(',', ';')}`);
  const ended = await run('split', 'data.csv', '--label', 'y');
  expect(ended).toMatchObject({ code: ExitCode.ok, stderr: '' });
  expect(ended.stdout).toBe(`✔ data.csv: 80 rows for training, 20 rows for testing
  chosen    at random, seed 0, y in proportion
  manifests data.train.csv, data.test.csv
  class     "rare": 16 and 4
  class     "common": 64 and 16
`);
  expect((await readdir(folder)).sort()).toEqual(['data.csv', 'data.test.csv', 'data.train.csv']);
  expect(await read('data.test.csv')).toMatch(/^a;b;y\n/);
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
  expect(await run('split', 'ingest.yaml')).toMatchObject({ code: ExitCode.ok });
  expect(await read('data.train.csv')).toMatch(byte === 0x82 ? /^\d+;é\d;/m : /^\d+;ｱ\d;/m);
  const validated = await run('validate', 'train.yaml', 'test.yaml');
  expect(validated).toMatchObject({
    code: ExitCode.ok,
    stdout: expect.stringContaining('0 errors, 0 warnings') as unknown,
  });
});

it('with a configuration writes two, which are ingested without a change', async () => {
  await write('data.csv', `a,b,y\n${rowsOf(100).join('')}`);
  await write('ingest.yaml', yamlOf({ table: 'things', csv: 'data.csv' }));
  const split = await run('split', 'ingest.yaml', '--output-dir', 'new/my halves');
  expect(split.stdout).toContain("\n\nNext: ingestor ingest 'new/my halves/train.yaml' 'new/my halves/test.yaml'\n");
  const test = await read('new/my halves/test.yaml');
  expect(test).toMatch(/^table: "things_test"\nintent: "test"\ncsv: "data\.test\.csv"$/m);
  const again = await run('split', 'ingest.yaml', '--output-dir', 'new/my halves', '--force', '--json');
  expect(documentOf<SplitReport>(again)).toMatchObject({ label: 'y', classes: [{ test: 4 }, { test: 16 }] });

  const ended = await run('ingest', 'new/my halves/train.yaml', 'new/my halves/test.yaml', '--json');
  expect(documentOf<TrainTestResult>(ended)).toMatchObject({
    ...{
      outcome: 'complete',
      validation: { between: { findings: [] } },
      train: { inserted: 80 },
      test: { inserted: 20 },
    },
  });
});

describe('leaves nothing', () => {
  it('if the file cannot be split', async () => {
    await write('data.csv', 'a,b,y\n1,x,p\n2,x\n');
    const ended = await run('split', 'data.csv', '--json');
    expect(ended.code).toBe(ExitCode.invalidData);
    expect(documentOf(ended)).toMatchObject({ outcome: 'invalid', findings: [{ code: 'ragged-row', row: 3 }] });
    expect(await readdir(folder)).toEqual(['data.csv']);
  });

  it('after Ctrl-C', async () => {
    await write('data.csv', `a,b,y\n${rowsOf(400_000).join('')}`);
    const running = start(['split', 'data.csv', '--output-dir', 'new/halves'], { env: {}, cwd: folder });
    while ((await readdir(join(folder, 'new/halves')).catch(() => [])).length < 2) await sleep(5);
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: ExitCode.interrupted, stdout: '' });
    expect(ended.stderr).toMatch(
      /^Stopping on SIGINT: removing what was written\.\nError: The split was interrupted; nothing/,
    );
    expect(await readdir(folder)).toEqual(['data.csv']);
  });
});
