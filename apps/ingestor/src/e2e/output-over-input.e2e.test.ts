import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { start, type Ended, type Env, GOOD_CSV, yamlOf } from '@tracebloc/ingestor-testing/command';

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-over-'));
  await mkdir(inFolder('storage/.ingestor'), { recursive: true });
  const files = {
    'good.csv': GOOD_CSV,
    'c.yaml': yamlOf(),
    'schema.yaml': 'a: INT\nb: VARCHAR(8)\n',
    token: 'tok-tok-tok',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(inFolder(name), text);
  await writeFile(inFolder('storage/training_test_datasets.sqlite'), '');
  await symlink('good.csv', inFolder('soft.json'));
  await link(inFolder('good.csv'), inFolder('hard.json'));
  await symlink('.', inFolder('here'));
});
afterEach(() => rm(folder, { recursive: true }));

const local = (): Env => ({ CLIENT_ENV: 'local', STORAGE_PATH: inFolder('storage') });
const run = (env: Env, ...args: string[]): Promise<Ended> =>
  start(args, { env: { ...local(), ...env }, cwd: folder }).ended;

async function contents(): Promise<Record<string, string>> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index]!]));
}

/** Expects that the output is refused, and that nothing at all has changed. */
async function expectRefused(env: Env, ...args: string[]): Promise<void> {
  const before = await contents();
  const ended = await run(env, ...args, '--json');
  expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'output-is-input', exitCode: 2 } });
  expect(ended.code).toBe(2);
  expect(await contents()).toEqual(before);
}

describe('a report never takes the place of', () => {
  it.each([
    ['the manifest', 'validate', 'good.csv'],
    ['the manifest, by a link', 'validate', 'soft.json'],
    ['the manifest, by another name of it', 'validate', 'hard.json'],
    ['the manifest, by a linked folder', 'ingest', 'here/good.csv'],
    ['the configuration', 'ingest', 'c.yaml'],
    ['the database', 'ingest', 'storage/training_test_datasets.sqlite'],
    ['what the volume is organised by', 'ingest', 'storage/.ingestor/new.json'],
  ])('%s', (_what, command, report) => expectRefused({}, command, '-c', 'c.yaml', '--report', report));

  it('the database that is yet to be', async () => {
    await rm(inFolder('storage/training_test_datasets.sqlite'));
    const report = 'here/storage/training_test_datasets.sqlite';
    await expectRefused({}, 'ingest', '-c', 'c.yaml', '--report', report);
  });

  it('a schema, or a file that a variable names', async () => {
    const args = ['validate', '-c', 'c.yaml', '--report'];
    await expectRefused({}, ...args, 'schema.yaml', '--schema', '@schema.yaml');
    await expectRefused({ BACKEND_TOKEN_FILE: 'token' }, ...args, 'here/token');
  });

  it('either side of a pair', async () => {
    await writeFile(inFolder('t.csv'), GOOD_CSV);
    await writeFile(inFolder('t.yaml'), yamlOf({ table: 'other', intent: 'test', csv: 't.csv' }));
    await expectRefused({}, 'validate', '-c', 'c.yaml', '-c', 't.yaml', '--report', 't.csv');
  });
});

it('a configuration that init writes never takes the place of the data', async () => {
  await expectRefused({}, 'init', 'good.csv', '--label', 'y', '-o', 'good.csv', '--force');
  await expectRefused({}, 'init', 'good.csv', '--label', 'y', '-o', 'soft.json', '--force');
});

it('a part of a split never takes the place of what is split, by a link either', async () => {
  await symlink('good.csv', inFolder('data.csv'));
  await symlink('data.csv', inFolder('data.train.csv'));
  await expectRefused({}, 'split', 'data.csv', '--label', 'y', '--force');
});

it('any other file is written, and so is a report beside the data', async () => {
  const ended = await run({}, 'validate', '-c', 'c.yaml', '--report', 'here/report.json');
  expect(ended.code).toBe(0);
  expect(JSON.parse(await readFile(inFolder('report.json'), 'utf8'))).toMatchObject({ valid: true });
});
