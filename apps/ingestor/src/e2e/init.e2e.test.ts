import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResolvedValue } from '@tracebloc/ingestor-config';
import type { InitResult } from '../services/init/init.js';
import { BIN, documentOf, start } from '@tracebloc/ingestor-testing/command';

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url));
/** Tasks whose data may as well be read for another one, so that the task must be named. */
const NEED_TASK = ['time_series_forecasting', 'time_to_event_prediction'];

const SAMPLES = globSync('*/samples/*/*.yaml', { cwd: PLUGINS }).sort();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-init-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => start(args, { env: {}, cwd: folder }).ended;
const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const read = (name: string) => readFile(join(folder, name), 'utf8');

/** What a sample's configuration says, by field. */
async function valuesOf(sample: string): Promise<Map<string, string>> {
  const ended = await run('config', 'show', '--json', '-c', join(PLUGINS, sample));
  const { values } = documentOf<{ values: ResolvedValue[] }>(ended);
  return new Map(values.map(({ field, value }) => [field, value]));
}

describe('the data of a sample, without its configuration, is described so that it validates', () => {
  it.each(SAMPLES)('%s', async (sample) => {
    const values = await valuesOf(sample);
    const [category, source] = [values.get('category')!, (values.get('csv') ?? values.get('json'))!];
    const place = sample.replaceAll(/\W/g, '_');
    await mkdir(join(folder, place));
    const table = join(place, `data${extname(source)}`);
    await cp(source, join(folder, table));
    for (const field of ['images', 'annotations', 'texts']) {
      const path = values.get(field) ?? join(dirname(source), field);
      if (existsSync(path)) await cp(path, join(folder, place, field), { recursive: true });
    }
    const label = values.get('label.column')!;
    const named = NEED_TASK.includes(category) ? ['--task', category] : [];
    const answers = ['--label', label, '--label-policy', values.get('label.policy')!, ...named];

    const ended = await run('init', table, '--json', ...answers);
    expect(ended).toMatchObject({ code: 0 });
    expect(documentOf(ended)).toMatchObject({ outcome: 'written', task: category, label });
    const validated = await run('validate', '-c', join(place, 'ingest.yaml'));
    expect(validated).toMatchObject({ code: 0, stdout: expect.stringContaining(' valid. ') as unknown });
  });
});

describe('a table', () => {
  const CSV = [
    'id;Größe;code;"a: b # c";since;note;NAME;name;left;state',
    '1;1,5;007;yes;2024-01-31;;x;y;;secret-a',
    '2;2;010;no;2023-12-31 08:30;some words;x;y;NA;secret-b',
    '3;x;011;no;2023-12-31;;x;z;;secret-b',
  ].join('\n');

  beforeEach(async () => {
    await write('customers.csv', CSV);
    await rm(join(folder, 'ingest.yaml'), { force: true });
  });

  it('is described with comments, and none of its values', async () => {
    const ended = await run('init', 'customers.csv', '--label', 'state');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toBe(
      'Found a table of 3 rows and 10 columns, whose state names classes: tabular_classification.\n',
    );
    expect(ended.stdout).toBe('Wrote ingest.yaml. Look through it, then: ingestor validate --config ingest.yaml\n');
    const yaml = await read('ingest.yaml');
    expect(yaml).toMatchSnapshot();
    expect(yaml).not.toContain('secret');
    expect(await run('validate', '-c', 'ingest.yaml')).toMatchObject({ code: 0 });
  });

  it('is described on stdout, or as told by flags', async () => {
    const flags = ['--label', 'state', '--label-policy', 'bucket', '--table', 'mine', '--intent', 'test'];
    const shown = await run('init', '.', '--output', '-', ...flags);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('table: mine # ');
    expect(await readdir(folder)).not.toContain('ingest.yaml');

    await mkdir(join(folder, 'config'), { recursive: true });
    const written = await run('init', 'customers.csv', '--output', 'config/x.yaml', '--json', ...flags);
    const { file, yaml, leftOut } = documentOf<InitResult & { outcome: 'written' }>(written);
    expect(file).toBe(join(folder, 'config/x.yaml'));
    expect(await read('config/x.yaml')).toBe(yaml);
    expect(yaml).toContain('csv: ../customers.csv');
    expect(leftOut.map(({ name }) => name)).toEqual(['id', 'name']);
    expect(await run('validate', '-c', 'config/x.yaml')).toMatchObject({ code: 0 });
  });

  it('has its description replaced only with --force', async () => {
    await write('ingest.yaml', 'mine');
    const refused = await run('init', 'customers.csv', '--label', 'state');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('ingest.yaml exists already.');
    expect(await read('ingest.yaml')).toBe('mine');
    expect(await run('init', 'customers.csv', '--label', 'state', '--force')).toMatchObject({ code: 0 });
    expect(await read('ingest.yaml')).toContain('csv: customers.csv');
  });

  it.each([
    ['a table that is not there', ['nowhere'], 'There is no file or folder nowhere.'],
    ['a label that is not there', ['customers.csv', '--label', 'State'], 'The table has no column "State".'],
    ['a task that is not installed', ['customers.csv', '--task', 'nothing'], 'The task nothing is not installed'],
    ['a name that no table can have', ['customers.csv', '--label', 'state', '--table', 'a b'], 'flag --table: '],
    [
      'a folder that is not there',
      ['customers.csv', '--label', 'state', '-o', 'no/x.yaml'],
      'cannot be written: ENOENT',
    ],
  ])('is not described with %s', async (_, args, message) => {
    const ended = await run('init', ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(await readdir(folder)).not.toContain('ingest.yaml');
  });
});

describe('what the data leaves open, without a terminal, is an error that lists', () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${(row * 7) % 41},${row % 3},c${row % 2}`);
  const open = async (content: string, ...args: string[]) => {
    await mkdir(join(folder, 'open'), { recursive: true });
    await write('open/data.csv', content);
    const ended = await run('init', 'open', ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    return ended.stderr;
  };
  afterAll(() => rm(join(folder, 'open'), { recursive: true }));

  it('the tasks', async () => {
    expect(await open(`size,grade,color\n${rows.join('\n')}`)).toBe(
      [
        'Error: Which task is it for? The data leaves it open:',
        '  tabular_classification: a table of 40 rows and 3 columns, of which 2 could be the class to predict',
        '  tabular_regression: a table of 40 rows and 3 columns, whose size is a number',
        '',
        '  Give --task <id>, or --label <column> where that tells.\n',
      ].join('\n'),
    );
  });

  it('the only task, where it is not the usual reading', async () => {
    await mkdir(join(folder, 'open/files'), { recursive: true });
    const told = await open('filename,color\na,red\nb,red\nc,blue\n');
    expect(told).toContain('Which task is it for?');
    expect(told).toContain('\n  tabular_classification: ');
    expect(told).not.toContain('\n  image_classification: ');
  });

  it('the labels, with what was seen of them', async () => {
    const told = await open(`size,grade,color\n${rows.join('\n')}`, '--task', 'tabular_classification');
    expect(told).toContain('Error: Which column is the label? The data leaves it open:\n  color: 2 distinct values\n');
    expect(told).toContain('  grade: 3 distinct values\n\n  Give --label <column>.');
  });

  it('the policy, where the task must have one', async () => {
    const told = await open(`size,grade,color\n${rows.join('\n')}`, '--label', 'size');
    expect(told).toContain('Error: How may the labels leave the cluster? The data leaves it open:\n  bucket: ');
    expect(told).toContain('Give --label-policy <policy>.');
  });

  it('the tables of a folder', async () => {
    await mkdir(join(folder, 'open'), { recursive: true });
    await write('open/second.csv', 'a,b\n1,2\n');
    const told = await open('a,b\n1,2\n');
    expect(told).toContain('  open/data.csv\n  open/second.csv\n\n  Name the one: ingestor init open/data.csv\n');
  });
});

describe('what cannot be described', () => {
  it('is a folder without a table', async () => {
    await mkdir(join(folder, 'empty/images'), { recursive: true });
    const ended = await run('init', 'empty');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('The folder empty holds no table');
  });

  it('is data that is none of the installed tasks', async () => {
    await write('notes.csv', 'note\na\nb\n');
    const ended = await run('init', 'notes.csv');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('The data does not look like what ');
    expect(ended.stderr).toContain('  tabular_classification: ');
  });

  it.each([
    ['a ragged row', 'a,b\n1,2\n3\n', { code: 'ragged-row', row: 3, expected: '2 fields' }],
    [
      'a damaged byte',
      Buffer.from('a,b\n1,\xc3\xa9\xc3\xbc\xc3\xa4\n2,\xe9\n', 'latin1'),
      { code: 'not-utf8', row: 3, value: '0xE9' },
    ],
    ['no rows', 'a,b\n', { code: 'no-rows' }],
  ])('is a table with %s, which is shown', async (_, content, finding) => {
    await write('bad.csv', content);
    const told = await run('init', 'bad.csv', '--json');
    expect(told.code).toBe(3);
    expect(documentOf(told)).toMatchObject({ outcome: 'invalid', findings: [finding] });
    const shown = await run('init', 'bad.csv');
    expect(shown).toMatchObject({ code: 3, stdout: expect.stringContaining(`✖ ${finding.code}  1 error`) as unknown });
    expect(await readdir(folder)).not.toContain('ingest.yaml');
  });
});

const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** Runs `init` in a pseudo terminal and types each text as soon as the text before it is shown. */
async function converse(args: string, ...talk: [shown: string, typed: string][]) {
  const command = `'${process.execPath}' '${BIN}' init ${args}`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm' },
  });
  let screen = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = talk;
    if (!next || !screen.includes(next[0])) return;
    talk.shift();
    terminal.stdin.write(next[1]);
  });
  const [code] = (await once(terminal, 'close')) as [number];
  return { code, screen, unasked: talk };
}

/** What a terminal sends for a key. */
const KEYS = { down: '\x1b[B', enter: '\r', interrupt: '\x03' };

(hasTerminals ? describe : describe.skip)('on a terminal (needs script of util-linux)', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'asked'));
    const rows = Array.from({ length: 40 }, (_, row) => `${(row * 7) % 41},${(row * 5) % 43},c${row % 2}`);
    await write('asked/cars.csv', ['weight,power,color', ...rows].join('\n'));
  });
  afterEach(() => rm(join(folder, 'asked'), { recursive: true }));

  it('what the data leaves open is asked', async () => {
    const { code, unasked } = await converse(
      'asked',
      ['Which task is it for?', KEYS.down + KEYS.enter],
      ['Which column is the label?', KEYS.down + KEYS.enter],
      ['How may the labels leave the cluster?', KEYS.enter],
    );
    expect({ code, unasked }).toEqual({ code: 0, unasked: [] });
    const yaml = await read('asked/ingest.yaml');
    expect(yaml).toContain('category: tabular_regression');
    expect(yaml).toContain('label: { column: weight, policy: bucket }');
  });

  it('a question that is not answered ends it, and nothing is written', async () => {
    const { code, screen } = await converse('asked', ['Which task is it for?', KEYS.interrupt]);
    expect(code).toBe(130);
    expect(screen).toContain('The question was not answered; nothing was written.');
    expect(await readdir(join(folder, 'asked'))).toEqual(['cars.csv']);
  });
});
