import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, lastLine, type Env } from './command.test.support.js';
import { GOOD_CSV, yamlOf } from './config.test.support.js';
import { World, type Row } from './world.test.support.js';

const SAMPLES = fileURLToPath(new URL('../../../../plugins/tabular/samples', import.meta.url));
const TABLES = ['penguins/train', 'penguins/test', 'cars/train', 'cars/test'];
/** Columns that differ from run to run. */
const OF_THE_RUN = ['created_at', 'updated_at', 'data_id', 'ingestor_id'];

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

const tableOf = (sample: string) => sample.replace('/', '_');

/** Ingests the samples into the embedded database, or a database of its own, and returns what lies in the tables. */
async function ingestSamples(env: Env, method: string): Promise<Record<string, Row[]>> {
  for (const sample of TABLES) {
    const ended = await world.run(['ingest', '-c', `${SAMPLES}/${sample}.yaml`], { ...env, LOG_LEVEL: 'INFO' });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain(`✔ ${tableOf(sample)} is ingested and registered`);
    expect(ended.stderr).toContain(`Rows travel by ${method};`);
    expect(lastLine(ended)).toBe('All records processed successfully');
  }
  const { tables } = await world.traces();
  const prefix = env.MYSQL_HOST === undefined ? 'embedded ' : '';
  return Object.fromEntries(
    TABLES.map(tableOf).map((table) => [table, tables[prefix + table]!.rows.map((row) => comparable(row))]),
  );
}

function comparable(row: Row): Row {
  const kept = Object.entries(row).filter(([name]) => !OF_THE_RUN.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value instanceof Date ? dayOf(value) : value]));
}

/** The driver gives a DATE as midnight of this machine's time zone. */
function dayOf(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

async function linesOf(file: string): Promise<string[][]> {
  const text = await readFile(`${SAMPLES}/${file}`, 'utf8');
  expect(text).not.toContain('"');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

it('the samples give the same rows in MariaDB, by LOAD DATA and by INSERT, and in the embedded database', async () => {
  const byLoadData = await ingestSamples(world.local, 'LOAD DATA');
  world.database = await world.mariaDb.createDatabase();
  await world.mariaDb.sql('SET GLOBAL local_infile = 0');
  const byInsert = await ingestSamples(world.local, 'INSERT');
  await world.mariaDb.sql('SET GLOBAL local_infile = 1');
  const embedded = await ingestSamples(world.embedded, 'SQLite');
  expect(byInsert).toEqual(byLoadData);
  expect(embedded).toEqual(byLoadData);

  const penguins = await linesOf('penguins/train.csv');
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
});

describe('a dataset that is there', () => {
  const ingest = (...flags: string[]) => world.run(['ingest', '-c', 'ingest.yaml', '--json', ...flags], world.remote);

  beforeAll(async () => {
    await world.write('good.csv', GOOD_CSV);
    await world.write('other.csv', `${GOOD_CSV}4,w,p\n`);
    await world.write('ingest.yaml', yamlOf());
  });
  afterEach(() => expect(world.backend.violations).toEqual([]));

  it('is left as it is by the same command, which ends well', async () => {
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

    const told = await world.run(['ingest', '-c', 'ingest.yaml'], world.remote);
    expect(told.stdout).toContain('✔ fresh exists already and is this very dataset; nothing was done');
  });

  it('is replaced whole by another one with --overwrite', async () => {
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

    const [entry, ...others] = documentOf<Row[]>(await world.run(['datasets', 'list', '--json'])).filter(
      ({ table }) => table === 'fresh',
    );
    expect(entry).toMatchObject({ records: 4, runId, registeredWith: world.backend.url });
    expect(others).toEqual([]);
    const names = Object.keys((await world.traces()).tables);
    expect(names.filter((name) => /_(stage|old)_/.test(name))).toEqual([]);
  });

  it('is deleted with its catalog entry, after which it is not known', async () => {
    const refused = await world.run(['datasets', 'delete', 'fresh']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Confirm with --yes.') as unknown });
    expect(await world.run(['datasets', 'delete', 'fresh', '--yes'])).toMatchObject({
      code: 0,
      stdout: 'Deleted fresh: 4 records.\n',
    });
    expect((await world.traces()).tables.fresh).toBeUndefined();
    const shown = await world.run(['datasets', 'show', 'fresh']);
    expect(shown).toMatchObject({ code: 1, stdout: '' });
    expect(shown.stderr).toMatch(/^Error: The catalog has no dataset fresh\.\n\n {2}It has: /);
  });
});
