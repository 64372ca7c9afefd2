import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type InstalledTask, loadTasks, resolve } from '@tracebloc/ingestor-cli';
import type { ResolvedValue } from '@tracebloc/ingestor-config';
import { validate } from '@tracebloc/ingestor-pipeline';
import { loadHost } from '../../plugins/host.js';
import { askerFor } from './ask.js';
import { initCommand, type InitCommand, type InitResult } from './init.js';

const HOST = fileURLToPath(new URL('../../..', import.meta.url));
const PLUGINS = fileURLToPath(new URL('../../../../../plugins', import.meta.url));
/** The data of this task also fits another task, so that the task must be named. */
const NEED_TASK = ['time_to_event_prediction'];

const SAMPLES = globSync('*/samples/*/*.yaml', { cwd: PLUGINS }).sort();

let folder: string;
let installed: InstalledTask[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-init-'));
  installed = await loadTasks(await loadHost(HOST));
});
afterAll(() => rm(folder, { recursive: true }));

/** Describes a path below the folder as a process without a terminal does. */
function init(path: string, answers: InitCommand['answers'] = {}, more: Partial<InitCommand> = {}) {
  const ask = askerFor(true);
  const command = { installed, path: join(folder, path), answers, dryRun: false, force: false, ask };
  return initCommand({ ...command, onTask: () => undefined, ...more });
}

const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const read = (name: string) => readFile(join(folder, name), 'utf8');

async function resolved(config: string): Promise<Awaited<ReturnType<typeof resolve>>> {
  const tasks = installed.map(({ task }) => task);
  return resolve({ tasks, purpose: 'validate', flags: { config }, env: {} });
}

async function isValid(config: string): Promise<boolean> {
  const { config: run } = await resolved(config);
  return (await validate(run)).valid;
}

describe('the data of a sample, without its configuration, is described so that it validates', () => {
  it.each(SAMPLES)('%s', async (sample) => {
    const { values } = await resolved(join(PLUGINS, sample));
    const valueOf = (field: string) => values.find((value: ResolvedValue) => value.field === field)?.value;
    const [task, source] = [valueOf('category')!, (valueOf('csv') ?? valueOf('json'))!];
    const place = sample.replaceAll(/\W/g, '_');
    await mkdir(join(folder, place));
    const table = join(place, `data${extname(source)}`);
    await cp(source, join(folder, table));
    for (const field of ['images', 'annotations', 'texts']) {
      const path = valueOf(field) ?? join(dirname(source), field);
      if (existsSync(path)) await cp(path, join(folder, place, field), { recursive: true });
    }
    const label = valueOf('label.column')!;
    const named = NEED_TASK.includes(task) ? { task } : {};
    const result = await init(table, { label, labelPolicy: valueOf('label.policy')!, ...named });
    expect(result).toMatchObject({ outcome: 'written', task, label });
    expect(await isValid(join(folder, place, 'ingest.yaml'))).toBe(true);
  });
});

describe('a table', () => {
  beforeEach(async () => {
    await rm(join(folder, 'table'), { recursive: true, force: true });
    await mkdir(join(folder, 'table/config'), { recursive: true });
    const rows = ['id,name,NAME,state', '1,x,u,a', '2,y,u,b', '3,z,u,b', ''];
    await write('table/customers.csv', rows.join('\n'));
  });

  it('is described as the answers say, in another folder', async () => {
    const output = join(folder, 'table/config/x.yaml');
    const answers = { label: 'state', labelPolicy: 'bucket', table: 'mine', intent: 'test' };
    const result = (await init('table/customers.csv', answers, { output })) as InitResult & { outcome: 'written' };
    expect(result.file).toBe(output);
    expect(await read('table/config/x.yaml')).toBe(result.yaml);
    expect(result.yaml).toContain('csv: ../customers.csv');
    expect(result.yaml).toContain('table: mine # ');
    expect(result.leftOut.map(({ name }) => name)).toEqual(['id', 'NAME']);
    expect(await isValid(output)).toBe(true);
  });

  it.each(['Unnamed: 0', 'Unnamed: 0.1', '...1', ''])(
    'is described without the index of its rows: "%s"',
    async (name) => {
      const rows = ['x,1,a', 'y,2,b', 'z,3,b'].map((row, index) => `${index},${row}\n`);
      await write('table/indexed.csv', `${name},name,age,state\n${rows.join('')}`);
      const result = await init('table/indexed.csv', { label: 'state' }, { dryRun: true });
      const yaml = result.outcome === 'shown' ? result.yaml : '';
      const [, schema] = yaml.split('\nschema:');
      expect([...schema!.matchAll(/^ {2}(.+): [A-Z]+/gm)].map(([, column]) => column)).toEqual(['name', 'age']);
    },
  );

  it('is only shown in a dry run', async () => {
    const result = await init('table', { label: 'state' }, { dryRun: true });
    expect(result).toMatchObject({ outcome: 'shown', yaml: expect.stringContaining('csv: customers.csv') as unknown });
    expect((await readdir(join(folder, 'table'))).sort()).toEqual(['config', 'customers.csv']);
  });

  it('has its description replaced only by force', async () => {
    await write('table/ingest.yaml', 'mine');
    await expect(init('table/customers.csv', { label: 'state' })).rejects.toMatchObject({
      code: 'file-exists',
      message: expect.stringContaining('ingest.yaml exists already.') as unknown,
    });
    expect(await read('table/ingest.yaml')).toBe('mine');
    await init('table/customers.csv', { label: 'state' }, { force: true });
    expect(await read('table/ingest.yaml')).toContain('csv: customers.csv');
  });

  it.each<[string, string, InitCommand['answers'], string | undefined, string]>([
    ['a path that does not exist', 'nowhere', {}, undefined, 'There is no file or folder '],
    ['a pattern without a match', 'no*.csv', {}, undefined, 'No file matches the pattern '],
    ['a label that does not exist', 'customers.csv', { label: 'State' }, undefined, 'The table has no column "State".'],
    [
      'a task that is not installed',
      'customers.csv',
      { task: 'nothing' },
      undefined,
      'The task nothing is not installed',
    ],
    ['a name that is not valid', 'customers.csv', { label: 'state', table: 'a b' }, undefined, 'flag --table: '],
    ['a folder that does not exist', 'customers.csv', { label: 'state' }, 'no/x.yaml', 'cannot be written: ENOENT'],
  ])('is not described with %s', async (_, path, answers, output, message) => {
    const more = output === undefined ? {} : { output: join(folder, 'table', output) };
    await expect(init(`table/${path}`, answers, more)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message) as unknown,
    });
    expect((await readdir(join(folder, 'table'))).sort()).toEqual(['config', 'customers.csv']);
  });
});

it('a label that a table without a header cannot have is an error with the names of its columns', async () => {
  await write('no-header.csv', '39,private,<=50K\n50,own,<=50K\n38,private,>50K\n52,own,>50K\n');
  await expect(init('no-header.csv', { label: 'income' })).rejects.toMatchObject({
    code: 'unknown-label',
    message:
      'The table has no column "income". Its first line looks like data and not like a header, so that the columns are numbered.',
    fix: [
      'Its columns are: column_1, column_2 and column_3.',
      'Give one of them with --label, or write a line with the names of the columns above the first line.',
    ],
  });
  const result = await init('no-header.csv', { label: 'column_3' }, { dryRun: true });
  expect(result).toMatchObject({ outcome: 'shown', yaml: expect.stringMatching(/header: none/) as unknown });
});

describe('how a table is written', () => {
  beforeEach(async () => {
    await rm(join(folder, 'dialect'), { recursive: true, force: true });
    await mkdir(join(folder, 'dialect'));
  });

  /** Describes a table of 12 rows, and returns the file that was written, which must be valid. */
  async function describeTable(content: string, label: string) {
    await write('dialect/data.csv', content);
    const result = await init('dialect/data.csv', { label, task: 'tabular_classification' });
    expect(result).toMatchObject({ outcome: 'written', found: expect.stringContaining('12 rows') as unknown });
    const config = join(folder, 'dialect/ingest.yaml');
    expect(await isValid(config)).toBe(true);
    return result as InitResult & { outcome: 'written' };
  }
  const rows = (delimiter: string) =>
    Array.from({ length: 12 }, (_, row) => [row * 7, row / 4, row % 2 ? 'odd' : 'even'].join(delimiter));

  it('is written down with what shows it', async () => {
    const lines = ['Export', '', 'n;share;kind', 'count;%;', ...rows(';'), '', 'Source: the registry', ''];
    const { yaml, doubts } = await describeTable(lines.join('\n'), 'kind');
    expect(doubts).toEqual([]);
    expect(yaml).toContain('delimiter: ; # with it, 14 of the 16 records have 3 fields\n');
    expect(yaml).toContain('skip_rows: 2 # the names of the columns come after lines of other text\n');
    expect(yaml).toContain('units_row: true # line 4 has the units of the columns\n');
    expect(yaml).toContain('skip_footer: 1 # the last records are notes, sums or empty\n');
  });

  it('may be without the names of the columns', async () => {
    const { yaml } = await describeTable(rows('\t').join('\n'), 'column_3');
    expect(yaml).toContain('delimiter: "\\t" # ');
    expect(yaml).toContain('header: none # the first line has values like those of the lines below it\n');
    expect(yaml).toContain('column_1: INT');
  });

  it('is shown with both readings where it is open', async () => {
    const { yaml, doubts } = await describeTable(
      [
        'kind,2020',
        ...rows(',').map((row) =>
          row
            .slice(row.indexOf(',') + 1)
            .split(',')
            .reverse()
            .join(','),
        ),
      ].join('\n'),
      'kind',
    );
    expect(doubts).toEqual([expect.stringContaining('set `header: none`')]);
    expect(yaml).toContain('# If the first line is a row');
  });
});

describe('what the data leaves open, without a terminal, is an error that lists', () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${(row * 7) % 41},${row % 3},c${row % 2}`);
  const CARS = `size,grade,color\n${rows.join('\n')}`;

  beforeEach(async () => {
    await rm(join(folder, 'open'), { recursive: true, force: true });
    await mkdir(join(folder, 'open'));
  });

  async function expectOpen(content: string, answers: InitCommand['answers'] = {}) {
    await write('open/data.csv', content);
    const error = await init('open', answers).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'ambiguous', exitCode: 2 });
    return error as { message: string; fix: string[] };
  }

  it('the tasks, and in the same run the questions that come after them, with their choices as data too', async () => {
    const policies = [
      { value: 'bucket', description: 'the backend gets one of 64 hash buckets' },
      { value: 'passthrough', description: 'the backend gets the label itself' },
    ];
    const tasks = [
      {
        value: 'tabular_classification',
        description: 'a table of 40 rows and 3 columns, of which 2 could be the class to predict',
      },
      { value: 'tabular_regression', description: 'a table of 40 rows and 3 columns, whose size is a number' },
    ];
    const labels = [
      { value: 'color', description: '2 distinct values, for tabular_classification' },
      { value: 'grade', description: '3 distinct values, for tabular_classification' },
      { value: 'size', description: '40 distinct values, for tabular_regression' },
    ];
    const lines = (choices: typeof tasks) => choices.map(({ value, description }) => `    ${value}: ${description}`);
    const fix = [
      'Give --task <id>, or --label <column> if that decides it.',
      'Give --label <column>.',
      'Give --label-policy <policy>. tabular_regression must state it.',
    ];
    expect(await expectOpen(CARS)).toMatchObject({
      message: [
        'The data leaves 3 questions open:',
        '  Which task is it for?',
        ...lines(tasks),
        '  Which column is the label?',
        ...lines(labels),
        '  How may the labels leave the cluster?',
        ...lines(policies),
      ].join('\n'),
      fix,
      questions: [
        { about: 'task', asks: 'Which task is it for?', choices: tasks, answer: fix[0] },
        { about: 'label', asks: 'Which column is the label?', choices: labels, answer: fix[1] },
        { about: 'label-policy', asks: 'How may the labels leave the cluster?', choices: policies, answer: fix[2] },
      ],
    });
    // Answers to all of them in one call leave nothing open.
    const answers = { task: 'tabular_regression', label: 'size', labelPolicy: 'bucket' };
    expect(await init('open', answers)).toMatchObject({
      outcome: 'written',
      task: 'tabular_regression',
      label: 'size',
    });
  });

  it('the only task, if the data is only possibly meant for it', async () => {
    await mkdir(join(folder, 'open/files'));
    const { message } = await expectOpen('filename,color\na,red\nb,red\nc,blue\n');
    expect(message).toContain('Which task is it for?');
    expect(message).toContain('\n  tabular_classification: ');
    expect(message).not.toContain('\n  image_classification: ');
  });

  it('the labels, with what was seen of them', async () => {
    const { message, fix } = await expectOpen(CARS, { task: 'tabular_classification' });
    expect(message).toMatch(
      /^Which column is the label\? The data leaves it open:\n {2}color: 2 distinct values\n {2}grade: 3 distinct values$/,
    );
    expect(fix).toEqual(['Give --label <column>.']);
  });

  it('the policy, if the task requires one', async () => {
    const { message, fix } = await expectOpen(CARS, { label: 'size' });
    expect(message).toMatch(/^How may the labels leave the cluster\? The data leaves it open:\n {2}bucket: /);
    expect(fix).toEqual(['Give --label-policy <policy>.']);
  });

  it('the tables of a folder, and the questions after that for each', async () => {
    await write('open/second.csv', 'a,b\n1,2\n');
    const { message, fix } = await expectOpen('a,b\n1,2\n');
    const [first, second] = ['data', 'second'].map((name) => relative(process.cwd(), join(folder, `open/${name}.csv`)));
    expect(message).toMatch(new RegExp(`\n  ${first!}\n  ${second!}$`));
    const pattern = first!.replace('data.csv', '*.csv');
    expect(fix).toEqual([
      `Name the one: ingestor init ${first!}, or all, as parts of one table: ingestor init '${pattern}'`,
    ]);

    const cars = await expectOpen(CARS);
    expect(cars.message).toMatch(
      new RegExp(
        `open:\n  Which table .*\n    ${first!}\n    ${second!}: unlike data.csv, it lacks .* and has .*\n  data.csv: Which task`,
      ),
    );
    expect(cars.message).toMatch(/\n {2}data\.csv: Which column is the label\?\n/);
    await write('open/second.csv', CARS);
    expect((await expectOpen(CARS)).message).toMatch(/\n {2}Which task .*[^]*\n {2}Which column is the label\?\n/);
  });
});

describe('what cannot be described', () => {
  it('is a folder without a table', async () => {
    await mkdir(join(folder, 'empty/images'), { recursive: true });
    await expect(init('empty')).rejects.toMatchObject({ code: 'no-table', exitCode: 2 });
  });

  it('is data that fits none of the installed tasks, each of which says why', async () => {
    await write('notes.csv', 'note\na\nb\n');
    await expect(init('notes.csv')).rejects.toMatchObject({
      code: 'nothing-fits',
      exitCode: 2,
      message: [
        'The data fits none of 7 tasks:',
        '  image_classification: there is no folder of .jpg, .jpeg and .png files beside the table',
        '  object_detection: there is no folder of annotations in XML',
        '  tabular_classification: the table has only one column',
        '  tabular_regression: the table has only one column',
        '  text_classification: there is no folder of .txt and .text files beside the table',
        '  time_series_forecasting: no column holds dates or times',
        '  time_to_event_prediction: no column of 0 and 1 is called like an event: event, status, death, failure and the like',
      ].join('\n'),
      fix: [expect.stringContaining('With --task <id>') as unknown],
    });
  });

  it('is data that does not fit the named task, which says what to do; a task that fits is only proposed', async () => {
    await write('topics.csv', 'text,topic\n"One, two",a\nthree,b\nfour,a\nfive,b\n');
    await expect(init('topics.csv', { task: 'text_classification', label: 'topic' })).rejects.toMatchObject({
      code: 'task-misfit',
      exitCode: 2,
      message:
        'The data does not fit text_classification: the texts are in the column text of topics.csv, and each must be a separate file.',
      fix: [
        expect.stringMatching(/^Beside topics\.csv, make a folder texts\//) as unknown,
        'The data fits tabular_classification, as a table of 4 rows and 2 columns, whose topic names classes: --task tabular_classification',
      ],
    });
    expect(existsSync(join(folder, 'ingest.yaml'))).toBe(false);
    // Without a named task the other one is written, and the result says for which it may be meant.
    expect(await init('topics.csv', { label: 'topic' }, { dryRun: true })).toMatchObject({
      task: 'tabular_classification',
      near: [{ task: 'text_classification', reason: expect.stringContaining('the column text') as unknown }],
    });
  });

  it.each([
    ['a ragged row', 'a,b\n1,2\n3\n', { code: 'ragged-row', row: 3, expected: '2 fields' }],
    [
      'a damaged byte',
      Buffer.from('a,b\n1,\xc3\xa9\xc3\xbc\xc3\xa4\n2,\xe9\n', 'latin1'),
      { code: 'not-utf8', row: 3, value: '0xE9' },
    ],
    ['no rows', 'a,b\n', { code: 'no-rows' }],
  ])('is a table with %s, of which the findings are returned', async (_, content, finding) => {
    await write('bad.csv', content);
    expect(await init('bad.csv')).toMatchObject({ outcome: 'invalid', findings: [finding] });
    expect(existsSync(join(folder, 'ingest.yaml'))).toBe(false);
  });
});
