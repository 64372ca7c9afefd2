import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { start, type Env, GOOD_CSV, yamlOf } from '@tracebloc/ingestor-testing/command';
import { runAll } from './many-commands.test-support.js';

const DATABASE = 'training_test_datasets.sqlite';

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-over-'));
  await mkdir(inFolder('storage/.ingestor'), { recursive: true });
  await mkdir(inFolder('new'));
  const files = {
    'good.csv': GOOD_CSV,
    'c.yaml': yamlOf(),
    't.csv': GOOD_CSV,
    't.yaml': yamlOf({ table: 'other', intent: 'test', csv: 't.csv' }),
    'schema.yaml': 'a: INT\nb: VARCHAR(8)\n',
    token: 'tok-tok-tok',
    [`storage/${DATABASE}`]: '',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(inFolder(name), text);
  await symlink('good.csv', inFolder('soft.json'));
  await link(inFolder('good.csv'), inFolder('hard.json'));
  await symlink('.', inFolder('here'));
  await symlink('good.csv', inFolder('data.csv'));
  await symlink('data.csv', inFolder('data.train.csv'));
});
afterAll(() => rm(folder, { recursive: true }));

async function contents(): Promise<Record<string, string>> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index]!]));
}

/** What each output would take the place of, with the command. */
const REFUSED: [string, string, Env?][] = [
  ['the manifest', 'validate -c c.yaml --report good.csv'],
  ['the manifest, by a link', 'validate -c c.yaml --report soft.json'],
  ['the manifest, by another name of it', 'validate -c c.yaml --report hard.json'],
  ['the manifest, by a linked folder', 'ingest -c c.yaml --report here/good.csv'],
  ['the configuration', 'ingest -c c.yaml --report c.yaml'],
  ['the database', `ingest -c c.yaml --report storage/${DATABASE}`],
  ['a file by which the volume is organised', 'ingest -c c.yaml --report storage/.ingestor/new.json'],
  ['a database that does not exist yet', `ingest -c c.yaml --report here/new/${DATABASE}`, { STORAGE_PATH: 'new' }],
  ['a schema', 'validate -c c.yaml --schema @schema.yaml --report schema.yaml'],
  ['a file that a variable names', 'validate -c c.yaml --report here/token', { BACKEND_TOKEN_FILE: 'token' }],
  ['the manifest of either of two configurations', 'validate -c c.yaml -c t.yaml --report t.csv'],
  ['the data that init describes', 'init good.csv --label y -o good.csv --force'],
  ['the data that init describes, by a link', 'init good.csv --label y -o soft.json --force'],
  ['the data that is split, by links', 'split data.csv --label y --force'],
];

it('an output never takes the place of an input: the command is refused, and nothing changes', async () => {
  const before = await contents();
  const local = { CLIENT_ENV: 'local', STORAGE_PATH: 'storage' };
  const commands = REFUSED.map(([, line, env]) => ({
    args: [...line.split(' '), '--json'],
    env: { ...local, ...env },
  }));
  const answered = await runAll(commands, folder);
  const ended = answered.map(({ stdout, code }, index) => {
    const { error } = JSON.parse(stdout) as { error?: { code: string } };
    return [REFUSED[index]![0], error?.code, code];
  });
  expect(ended).toEqual(REFUSED.map(([what]) => [what, 'output-is-input', 2]));
  expect(await contents()).toEqual(before);
});

it('any other file is written, and so is a report beside the data', async () => {
  const env = { CLIENT_ENV: 'local', STORAGE_PATH: inFolder('storage') };
  const args = ['validate', '-c', 'c.yaml', '--report', 'here/report.json'];
  expect(await start(args, { env, cwd: folder }).ended).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(inFolder('report.json'), 'utf8'))).toMatchObject({ valid: true });
});
