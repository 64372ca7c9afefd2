import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BIN, documentOf, start } from '@tracebloc/ingestor-testing/command';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-init-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => start(args, { env: {}, cwd: folder }).ended;
const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const read = (name: string) => readFile(join(folder, name), 'utf8');

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
    expect(ended.stdout).toBe(
      [
        'Wrote ingest.yaml. Look through it, then: ingestor validate ingest.yaml\n',
        'The column id is left out: the table of every dataset already has a column of this name.\n',
        'The column name is left out: the name differs from another only in case.\n',
      ].join('\n'),
    );
    const yaml = await read('ingest.yaml');
    expect(yaml).toMatchSnapshot();
    expect(yaml).not.toContain('secret');
    expect(await run('validate', '-c', 'ingest.yaml')).toMatchObject({ code: 0 });
  });

  it('is described on stdout as the flags say, and nothing is written', async () => {
    const flags = ['--label', 'state', '--label-policy', 'bucket', '--table', 'mine', '--intent', 'test'];
    const shown = await run('init', '.', '--output', '-', ...flags);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('table: mine # ');
    expect(await readdir(folder)).not.toContain('ingest.yaml');
  });
});

it('what the data leaves open, without a terminal, is an error with the flag that answers it', async () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${(row * 7) % 41},${row % 3},c${row % 2}`);
  await write('open.csv', `size,grade,color\n${rows.join('\n')}`);
  const ended = await run('init', 'open.csv');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toBe(
    [
      'Error: The data leaves 3 questions open:',
      '  Which task is it for?',
      '    tabular_classification: a table of 40 rows and 3 columns, of which 2 could be the class to predict',
      '    tabular_regression: a table of 40 rows and 3 columns, whose size is a number',
      '  Which column is the label?',
      '    color: 2 distinct values, for tabular_classification',
      '    grade: 3 distinct values, for tabular_classification',
      '    size: 40 distinct values, for tabular_regression',
      '  How may the labels leave the cluster?',
      '    bucket: the backend gets one of 64 hash buckets',
      '    passthrough: the backend gets the label itself',
      '',
      '  Give --task <id>, or --label <column> if that decides it.',
      '  Give --label <column>.',
      '  Give --label-policy <policy>. tabular_regression must state it.\n',
    ].join('\n'),
  );
});

it('a table that cannot be read is reported as text and as JSON', async () => {
  await write('bad.csv', 'a,b\n1,2\n3\n');
  const [shown, json] = [await run('init', 'bad.csv'), await run('init', 'bad.csv', '--json')];
  expect(shown).toMatchObject({ code: 3, stdout: expect.stringContaining('✖ ragged-row  1 error') as unknown });
  expect(json.code).toBe(3);
  expect(documentOf(json)).toMatchObject({ outcome: 'invalid', findings: [{ code: 'ragged-row', row: 3 }] });
  expect(await readdir(folder)).not.toContain('ingest.yaml');
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

/** The characters that a terminal sends for each key. */
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
