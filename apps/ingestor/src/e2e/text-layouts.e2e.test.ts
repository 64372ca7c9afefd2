import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentOf, type Env, type Row, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import {
  asColumns,
  asFiles,
  type Dataset,
  DATASETS,
  jsonLines,
  type Layout,
  name,
} from './text-layouts.test-support.js';

/** The columns that differ from run to run. */
const OF_THE_RUN = ['created_at', 'updated_at', 'data_id', 'ingestor_id'];

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

/** Ingests a layout of a dataset, and returns its rows and files. */
async function ingest(
  { task }: Dataset,
  [layout, { yaml, files }]: [string, Layout],
  env: Env,
): Promise<{ rows: Row[]; texts: Record<string, string> }> {
  const kind = env.MYSQL_HOST === undefined ? 'sqlite' : 'mariadb';
  const table = `${task}_${layout}`.slice(0, 50);
  const folder = join(world.folder, `${kind}-${table}`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const isLabelled = /_classification$/.test(task);
  const all = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', category: task, table, intent: 'train' };
  const document = { ...all, ...(isLabelled && { label: 'label' }), ...yaml };
  await writeFile(join(folder, 'ingest.yaml'), JSON.stringify(document));
  const before = readdirSync(folder).sort();
  const storage = join(world.storage, kind);
  await mkdir(storage, { recursive: true });
  const ended = await session.run(['ingest', '-c', join(folder, 'ingest.yaml')], { ...env, STORAGE_PATH: storage });
  expect(ended).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual(before);
  const { [table]: found } = kind === 'sqlite' ? world.embeddedTables(storage) : (await world.traces()).tables;
  const rows = found!.rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => !OF_THE_RUN.includes(key))),
  );
  const stored = readdirSync(join(storage, table)).sort();
  const texts = stored.map((file) => [file, readFileSync(join(storage, table, file), 'utf8')]);
  return { rows, texts: Object.fromEntries(texts) as Record<string, string> };
}

/** Returns a column for each field of a text. */
function columnsOf(text: string): string[] {
  const { length } = text.split('\t');
  return length === 1 ? ['text'] : ['one', 'other', 'third'].slice(0, length);
}

describe.each(DATASETS)('$task', (dataset) => {
  const { task, rows, layouts } = dataset;
  const columns = columnsOf(rows[0]![1]);
  const all: Record<string, Layout> = {
    files: asFiles(rows, task === 'masked_language_modeling' ? 'sequences' : 'texts'),
    columns: asColumns(rows, columns),
    ...layouts,
  };

  it.each(Object.entries(all))('has the same rows and files from %s, in both databases', async (...layout) => {
    const expected = {
      rows: rows.map(([label], index) => ({
        id: index + 1,
        status: 0,
        label,
        data_intent: 'train',
        filename: name(index),
        extension: '.txt',
        annotation: null,
      })),
      texts: Object.fromEntries(rows.map(([, text], index) => [`${name(index)}.txt`, text])),
    };
    expect(await ingest(dataset, layout, world.embedded)).toEqual(expected);
    expect(await ingest(dataset, layout, world.local)).toEqual(expected);
  });
});

describe('tags that the column of labels cannot hold', () => {
  const long = `B-LOC${' O'.repeat(149)}`;
  const rows: Dataset['rows'] = [
    [long, 'word '.repeat(150).trim()],
    ['B-PER I-PER', 'Peter Blackburn'],
  ];
  const dataset: Dataset = { task: 'token_classification', rows, layouts: {} };
  const { files } = asFiles(rows);

  it.each(['embedded', 'remote'] as const)(
    'are in a separate column, and their counts in the label: %s',
    async (kind) => {
      const sofar = world.backend.calls.length;
      const yaml = { csv: 'labels.csv', schema: { label: 'TEXT' } };
      const { rows: stored } = await ingest(dataset, [`long_${kind}`, { yaml, files }], world[kind]);
      expect(stored.map(({ label, tags }) => [label, tags])).toEqual([
        ['B-LOC:1 O:149', long],
        ['B-PER:1 I-PER:1', 'B-PER I-PER'],
      ]);
      const sent = world.backend.calls.slice(sofar).flatMap((call) => (call.name === 'records' ? call.records : []));
      const labels = kind === 'remote' ? ['B-LOC:1 O:149', 'B-PER:1 I-PER:1'] : [];
      expect(sent.map(({ label }) => label)).toEqual(labels);
      expect(world.backend.violations).toEqual([]);
    },
  );

  it('are declared so by init, as the error without it advises', async () => {
    const folder = join(world.folder, 'long');
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    expect(await session.run(['init', folder], world.embedded)).toMatchObject({ code: 0 });
    const config = join(folder, 'ingest.yaml');
    const yaml = readFileSync(config, 'utf8');
    expect(yaml).toMatch(/\n {2}label: TEXT/);
    expect(await session.run(['validate', '-c', config], world.embedded)).toMatchObject({ code: 0 });
    await writeFile(config, yaml.replace(/\n {2}label: TEXT.*/, '').replace(/\nschema:.*/, ''));
    const refused = await session.run(['validate', '-c', config], world.embedded);
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('label-too-long') as unknown });
    expect(refused.stdout).toContain('Declare the column in `schema` as TEXT');
  });
});

it('tags leave as their counts, also those that fit into the column of labels', async () => {
  const sofar = world.backend.calls.length;
  const dataset = DATASETS.find(({ task }) => task === 'token_classification')!;
  const { rows } = await ingest(dataset, ['counted', asFiles(dataset.rows)], world.remote);
  expect(rows.map(({ label }) => label)).toEqual(dataset.rows.map(([label]) => label));
  const sent = world.backend.calls.slice(sofar).flatMap((call) => (call.name === 'records' ? call.records : []));
  expect(sent.map(({ label }) => label)).toEqual(['B-ORG:1 O:3', 'B-PER:1 I-PER:1', 'B-LOC:1 O:2']);
});

it('two halves of a layout are checked and ingested together', async () => {
  const folder = join(world.folder, 'halves');
  await mkdir(folder);
  const halves = { train: ['a', 'b', 'c'], test: ['d', 'a'] };
  for (const [intent, words] of Object.entries(halves)) {
    await writeFile(join(folder, `${intent}.jsonl`), jsonLines(words.map((source) => ({ source, target: 'x' }))));
    const fields = {
      apiVersion: 'tracebloc.io/v1',
      kind: 'IngestConfig',
      category: 'seq2seq',
      table: `half_${intent}`,
    };
    await writeFile(join(folder, `${intent}.yaml`), JSON.stringify({ ...fields, intent, pairs: `${intent}.jsonl` }));
  }
  const configs = ['-c', join(folder, 'train.yaml'), '-c', join(folder, 'test.yaml')];
  const refused = await session.run(['ingest', ...configs], world.embedded);
  expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('leaked-file') as unknown });
  expect(refused.stdout).toContain('000000002.txt');
  await writeFile(join(folder, 'test.jsonl'), jsonLines([{ source: 'd', target: 'x' }]));
  expect(await session.run(['ingest', ...configs], world.embedded)).toMatchObject({ code: 0 });
});

it.each(['pairs', 'columns'])('two processes ingest %s as one does', async (kind) => {
  const rows = Array.from({ length: 300 }, (_, index): [null, string] => [null, `source ${index}\tÜbersetzt ${index}`]);
  const objects = rows.map(([, text]) => ({ source: text.split('\t')[0], target: text.split('\t')[1] }));
  const { yaml, files } =
    kind === 'columns'
      ? asColumns(rows, ['one', 'other'])
      : { yaml: { pairs: 'pairs.jsonl' }, files: { 'pairs.jsonl': jsonLines(objects) } };
  const folder = join(world.folder, `shards-${kind}`);
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  const table = `shards_${kind}`;
  const all = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', category: 'seq2seq', table, intent: 'train' };
  const config = join(folder, 'ingest.yaml');
  await writeFile(config, JSON.stringify({ ...all, ...yaml }));
  for (const index of ['0', '1']) {
    const ended = await session.run(['ingest', '-c', config, '--shards', '2', '--shard-index', index], world.local);
    expect(ended).toMatchObject({ code: 0 });
  }
  const { [table]: found } = (await world.traces()).tables;
  expect(found!.rows.map(({ filename }) => filename)).toEqual(rows.map((_row, index) => name(index)));
  const stored = rows.map((_row, index) => readFileSync(join(world.storage, table, `${name(index)}.txt`), 'utf8'));
  expect(stored).toEqual(rows.map(([, text]) => text));
});

it.each(['files', 'columns'])('the lengths of texts and their tags are shown, of %s', async (kind) => {
  const { rows, task } = DATASETS.find((one) => one.task === 'token_classification')!;
  const layout = kind === 'files' ? asFiles(rows) : asColumns(rows, ['text']);
  await ingest({ task, rows, layouts: {} }, [`shown_${kind}`, layout], world.embedded);
  const env = { ...world.embedded, STORAGE_PATH: join(world.storage, 'sqlite') };
  const shown = await session.run(['datasets', 'show', `${task}_shown_${kind}`, '--json'], env);
  const { statistics } = documentOf<{ statistics: unknown }>(shown);
  expect(statistics).toMatchObject({
    lengths: { count: 3, sum: rows.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0) },
    classes: { counts: { 'B-ORG': 1, 'B-PER': 1, 'I-PER': 1, 'B-LOC': 1, O: 5 } },
  });
});

it('the lengths of plain texts are measured too', async () => {
  const { rows, task } = DATASETS.find((one) => one.task === 'text_classification')!;
  await ingest({ task, rows, layouts: {} }, ['measured', asFiles(rows)], world.embedded);
  const env = { ...world.embedded, STORAGE_PATH: join(world.storage, 'sqlite') };
  const shown = await session.run(['datasets', 'show', `${task}_measured`, '--json'], env);
  const sum = rows.reduce((total, [, text]) => total + Buffer.byteLength(text), 0);
  expect(documentOf(shown)).toMatchObject({ statistics: { lengths: { count: 2, sum } } });
});
