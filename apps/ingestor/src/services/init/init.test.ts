import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
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
/** The data of these tasks also fits another task, so that the task must be named. */
const NEED_TASK = ['time_to_event_prediction', 'time_series_classification'];

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
    for (const field of ['images', 'annotations', 'masks', 'texts', 'sequences']) {
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
