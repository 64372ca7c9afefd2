import { existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, lastLine, type Env, GOOD_CSV, yamlOf, World, type Row } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url));
/** The configurations of all samples, by their tables. */
const SAMPLES = new Map(
  globSync('*/samples/*/*.yaml', { cwd: PLUGINS })
    .sort()
    .map((name) => join(PLUGINS, name))
    .map((path) => [/^table: (\S+)$/m.exec(readFileSync(path, 'utf8'))![1]!, path]),
);
/** The columns that differ from run to run. */
const OF_THE_RUN = ['created_at', 'updated_at', 'data_id', 'ingestor_id'];

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start({ mariaDb: {} });
  session = new CommandSession(world.folder);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

/** Ingests the samples into a separate storage folder, and returns the rows of each table. */
async function ingestSamples(env: Env, method: string): Promise<Record<string, Row[]>> {
  const storage = join(world.storage, method);
  mkdirSync(storage);
  for (const [table, config] of SAMPLES) {
    const more = { STORAGE_PATH: storage, LOG_LEVEL: 'INFO' };
    const ended = await session.run(['ingest', '-c', config], { ...env, ...more });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain(`✔ ${table} is ingested and registered`);
    expect(ended.stderr).toContain(`Rows travel by ${method};`);
    expect(ended.stderr).toMatch(/The dataset is what was loaded: [1-9]\d* rows/);
    expect(lastLine(ended)).toBe('All records processed successfully');
  }
  const tables = env.MYSQL_HOST === undefined ? world.embeddedTables(storage) : (await world.traces()).tables;
  const rows = [...SAMPLES.keys()].map((table) => [table, tables[table]!.rows.map(comparable)] as const);
  for (const [table, records] of rows) expectFiles(join(storage, table), records);
  return Object.fromEntries(rows);
}

/** Checks that the folder has the file of each record that names one, and else only sidecars and tokenizers. */
function expectFiles(folder: string, records: readonly Row[]): void {
  const named = records.filter(({ filename }) => filename !== null);
  expect(existsSync(folder)).toBe(named.length > 0);
  if (named.length === 0) return;
  const files = readdirSync(folder);
  const expected = named.map(({ filename, extension }) => `${filename as string}${extension as string}`);
  expect(files).toEqual(expect.arrayContaining(expected));
  const others = files.filter((name) => !expected.includes(name) && name !== 'tokenizer.json');
  expect(others.every((name) => /\.xml$|_mask\.png$/.test(name))).toBe(true);
}

function comparable(row: Row): Row {
  const kept = Object.entries(row).filter(([name]) => !OF_THE_RUN.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, comparableValue(value)]));
}

/** Makes dates equal: the driver returns a time in this machine's time zone, and SQLite returns text. */
function comparableValue(value: unknown): unknown {
  const text =
    value instanceof Date
      ? new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().slice(0, 23).replace('T', ' ')
      : value;
  return typeof text === 'string' ? withoutZeros(text).replace(/ 00:00:00$/, '') : text;
}

/** Removes zeros at the end of a time's fraction, which SQLite does not keep. */
const withoutZeros = (text: string): string => text.replace(/(:\d\d)(?:\.0+|(\.\d*?)0+)$/, '$1$2');

async function linesOf(file: string): Promise<string[][]> {
  const text = await readFile(`${PLUGINS}/${file}`, 'utf8');
  expect(text).not.toContain('"');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

it('the samples make the same rows in MariaDB, by LOAD DATA and by INSERT, and in the embedded database', async () => {
  const byLoadData = await ingestSamples(world.local, 'LOAD DATA');
  world.database = await world.mariaDb.createDatabase();
  await world.mariaDb.sql('SET GLOBAL local_infile = 0');
  const byInsert = await ingestSamples(world.local, 'INSERT');
  await world.mariaDb.sql('SET GLOBAL local_infile = 1');
  const embedded = await ingestSamples(world.embedded, 'SQLite');
  expect(byInsert).toEqual(byLoadData);
  expect(embedded).toEqual(byLoadData);

  const penguins = await linesOf('tabular/samples/penguins/train.csv');
  const number = (text: string) => (text === '' ? null : Number(text));
  expect(byLoadData.penguins_train).toEqual(
    penguins.map(([species, island, beakLength, beakDepth, flipper, mass, sex], index) => ({
      id: index + 1,
      status: 0,
      label: species,
      data_intent: 'train',
      filename: null,
      extension: null,
      annotation: null,
      Island: island,
      'Beak Length (mm)': number(beakLength!),
      'Beak Depth (mm)': number(beakDepth!),
      'Flipper Length (mm)': number(flipper!),
      'Body Mass (g)': number(mass!),
      Sex: sex === '' ? null : sex,
    })),
  );

  // A timestamp is stored with its milliseconds, and a gap as NULL.
  const activities = await linesOf('time-series/samples/activities/train.csv');
  expect(embedded.activities_train).toEqual(
    activities.map(([sequence, timestamp, x, y, z, activity], index) =>
      expect.objectContaining({
        ...{ id: index + 1, label: activity, data_intent: 'train', sequence_id: sequence, filename: null },
        ...{ timestamp: withoutZeros(timestamp!), x: number(x!), y: number(y!), z: number(z!) },
      }),
    ),
  );
  const shown = await session.run(['datasets', 'show', 'activities_train', '--json'], world.local);
  expect(documentOf(shown)).toMatchObject({
    records: activities.length,
    metadata: { number_of_columns: 5, number_of_sequences: 48 },
  });
}, 300_000);

describe('a registered dataset', () => {
  const ingest = (...flags: string[]) => session.run(['ingest', '-c', 'ingest.yaml', '--json', ...flags], world.remote);

  beforeAll(async () => {
    await world.write('good.csv', GOOD_CSV);
    await world.write('other.csv', `${GOOD_CSV}4,w,p\n`);
    await world.write('ingest.yaml', yamlOf());
  });
  afterEach(() => expect(world.backend.violations).toEqual([]));

  it('is not changed by the same command, which is a success', async () => {
    const first = await ingest();
    expect(documentOf(first)).toMatchObject({ outcome: 'ingested', inserted: 3, sent: 3 });
    const before = await world.traces();
    const requests = world.backend.requests.length;

    const again = await ingest();
    expect(again).toMatchObject({ code: 0 });
    expect(lastLine(again)).toBe('All records processed successfully');
    expect(documentOf(again)).toMatchObject({ outcome: 'unchanged', runId: documentOf(first).runId, inserted: 3 });
    expect(await world.traces()).toEqual(before);
    expect(world.backend.requests).toHaveLength(requests);

    const shown = await session.run(['ingest', '-c', 'ingest.yaml'], world.remote);
    expect(shown.stdout).toContain('✔ fresh exists already and is this very dataset; nothing was done');
  });

  it('is replaced as a whole by another one with --overwrite', async () => {
    const [old] = await world.rows('fresh');
    await world.write('ingest.yaml', yamlOf({ csv: 'other.csv' }));
    const ended = await ingest('--overwrite');
    expect(ended).toMatchObject({ code: 0 });
    const { runId, ...result } = documentOf<IngestResult>(ended);
    expect(result).toMatchObject({ outcome: 'ingested', found: 4, inserted: 4, sent: 4 });
    const rows = await world.rows('fresh');
    expect(rows.map(({ a, b, label }) => [a, b, label])).toEqual([
      [1, 'x', 'p'],
      [2, 'z', 'q'],
      [3, 'x', 'q'],
      [4, 'w', 'p'],
    ]);
    expect(new Set(rows.map(({ ingestor_id: run }) => run))).toEqual(new Set([runId]));
    expect(old!.ingestor_id).not.toBe(runId);

    const [entry, ...others] = documentOf<Row[]>(await session.run(['datasets', 'list', '--json'], world.local)).filter(
      ({ table }) => table === 'fresh',
    );
    expect(entry).toMatchObject({ records: 4, runId, registeredWith: world.backend.url });
    expect(others).toEqual([]);
    const names = Object.keys((await world.traces()).tables);
    expect(names.filter((name) => /_(stage|old)_/.test(name))).toEqual([]);
  });

  it('is deleted with its catalog entry, and is then unknown', async () => {
    const refused = await session.run(['datasets', 'delete', 'fresh'], world.local);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Confirm with --yes.') as unknown });
    expect(await session.run(['datasets', 'delete', 'fresh', '--yes'], world.local)).toMatchObject({
      code: 0,
      stdout: 'Deleted fresh: 4 records.\n',
    });
    expect((await world.traces()).tables.fresh).toBeUndefined();
    const shown = await session.run(['datasets', 'show', 'fresh'], world.local);
    expect(shown).toMatchObject({ code: 1, stdout: '' });
    expect(shown.stderr).toMatch(
      /^Error: The catalog has no dataset fresh\.\n\n {2}(It has: |.*Its \d+ datasets: ingestor datasets list)/,
    );
  });
});
