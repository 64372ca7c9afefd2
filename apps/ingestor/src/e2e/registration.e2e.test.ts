import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import type { BackendCall } from '@tracebloc/ingestor-testing';
import { documentOf, type Ended, type Env, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';

const SAMPLES = fileURLToPath(new URL('../../../../plugins/tabular/samples', import.meta.url));

/** The columns that every table begins with, as the backend gets them. */
const FIXED = {
  id: 'BIGINT',
  created_at: 'DATETIME',
  updated_at: 'DATETIME',
  status: 'INT',
  label: 'VARCHAR(255)',
  data_intent: 'VARCHAR(100)',
  data_id: 'VARCHAR(255)',
  filename: 'VARCHAR(255)',
  extension: 'VARCHAR(10)',
  annotation: 'TEXT',
  ingestor_id: 'VARCHAR(255)',
};

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await world.write('good.csv', GOOD_CSV);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

/** Runs `ingest` and returns its result with the calls that it made. */
async function ingest(args: string[], env: Env): Promise<{ result: IngestResult; calls: BackendCall[]; ended: Ended }> {
  const sofar = world.backend.calls.length;
  const ended = await session.run(['ingest', '--json', ...args], env);
  expect(ended).toMatchObject({ code: 0 });
  expect(world.backend.violations).toEqual([]);
  return { result: documentOf<IngestResult>(ended), calls: world.backend.calls.slice(sofar), ended };
}

it('a dataset is registered call by call, in the documented order', async () => {
  const { result, calls } = await ingest(['-c', `${SAMPLES}/penguins/train.yaml`, '--title', 'Penguins'], {
    ...world.remote,
    BACKEND_TOKEN: '',
    CLIENT_ID: 'fake-client',
    CLIENT_PASSWORD: 'fake-password',
    BATCH_SIZE: '100',
  });
  const { runId } = result;
  const rows = await world.rows('penguins_train');
  const records = rows.map((row) => ({ dataId: row.data_id, label: row.label }));
  const batch = (from: number, to: number) => ({
    ...{ name: 'records', table: 'penguins_train', runId, intent: 'train' },
    records: records.slice(from, to),
  });
  const own = {
    Island: 'VARCHAR(32)',
    'Beak Length (mm)': 'FLOAT',
    'Beak Depth (mm)': 'FLOAT',
    'Flipper Length (mm)': 'INT',
    'Body Mass (g)': 'INT',
    Sex: 'VARCHAR(8)',
  };
  expect(calls).toEqual([
    { name: 'token', username: 'fake-client', password: 'fake-password' },
    batch(0, 100),
    batch(100, 200),
    batch(200, 276),
    { name: 'edge-labels', table: 'penguins_train', runId, intent: 'train' },
    {
      name: 'global-metadata',
      table: 'penguins_train',
      schema: { ...FIXED, ...own },
      metadata: { number_of_columns: 6, schema: own },
    },
    { name: 'prepare', category: 'tabular_classification', runId, dataFormat: 'tabular', intent: 'train' },
    { name: 'dataset', title: 'Penguins', allowFeatureModification: true },
  ]);
  expect(result).toMatchObject({ sent: 276, title: 'Penguins', registry: world.backend.url });
});

it('with the bucket policy only buckets leave the cluster', async () => {
  const args = ['-c', `${SAMPLES}/cars/train.yaml`, '--log-level', 'DEBUG'];
  const { result, calls, ended } = await ingest(args, world.remote);
  const rows = await world.rows('cars_train');
  const bucket = (label: string) => Number(createHash('sha256').update(label).digest().readBigUInt64BE() % 64n);
  const sent = calls.flatMap((call) => (call.name === 'records' ? call.records : []));
  expect(sent).toEqual(
    rows.map(({ data_id: dataId, label }) => ({ dataId, label: label === null ? -1 : bucket(label as string) })),
  );
  expect(rows.filter(({ label }) => label === null)).toHaveLength(6);
  expect(rows[0]).toMatchObject({ label: '18' });
  expect(calls.at(-1)).toMatchObject({ name: 'dataset', allowFeatureModification: false });
  // Times and the run's id may contain any digits.
  const log = ended.stderr.replaceAll(/^\S+Z /gm, '').replaceAll(result.runId, '');
  expect(log).toMatch(/^DEBUG +Registering run/m);
  expect(log).not.toContain('18.');
});

it.each([
  ['DOUBLE', ['100', '100.0', '1e2', '7'], ['100', '100', '100', '7']],
  ['INT', ['1', '1.0', '01', '2'], ['1', '1', '1', '2']],
  ['BOOLEAN', ['yes', 'Yes', 'TRUE', 'no'], ['1', '1', '1', '0']],
])('labels of %s are stored and registered as one text for each value', async (type, written, labels) => {
  const table = `canonical_${type.toLowerCase()}`;
  await world.write('labels.csv', `a,y\n${written.map((label, row) => `${row},${label}\n`).join('')}`);
  for (const policy of ['passthrough', 'bucket']) {
    const label = { column: 'y', policy };
    const config = { table, csv: 'labels.csv', schema: { a: 'INT', y: type }, label };
    await world.write('labels.yaml', yamlOf(config));
    const { calls } = await ingest(['-c', 'labels.yaml', '--overwrite'], world.remote);
    expect((await world.rows(table)).map((row) => row.label)).toEqual(labels);
    const sent = calls.flatMap((call) => (call.name === 'records' ? call.records.map((record) => record.label) : []));
    const [first] = sent;
    const policed = policy === 'passthrough' ? labels : [first, first, first, sent[3]];
    expect(sent).toEqual(policed);
    expect(sent[3]).not.toEqual(first);
  }
});

it('the seed environment and flags replace an ingest.yaml', async () => {
  const flags = ['--task', 'tabular_classification', '--intent', 'test', '--label', 'y'];
  const env = { ...world.remote, LABEL_FILE: 'good.csv', TABLE_NAME: 'seeded', TITLE: 'Seeded', CLIENT_PVC: 'claim' };
  const { result, calls } = await ingest([...flags, '--schema', 'a: INT, b: VARCHAR(8)'], env);
  expect(result).toMatchObject({ outcome: 'ingested', table: 'seeded', intent: 'test', title: 'Seeded', sent: 3 });
  expect(await world.rows('seeded')).toMatchObject([
    { a: 1, b: 'x', label: 'p', data_intent: 'test' },
    { a: 2, b: 'z', label: 'q' },
    { a: 3, b: 'x', label: 'q' },
  ]);
  expect(calls.map(({ name }) => name)).toEqual(['records', 'edge-labels', 'global-metadata', 'prepare', 'dataset']);
});

it('the file of INGEST_CONFIG replaces the seed environment, and flags override it', async () => {
  await world.write('ingest.yaml', yamlOf({ table: 'from_file' }));
  const env = { ...world.remote, INGEST_CONFIG: 'ingest.yaml', TABLE_NAME: 'ignored', LABEL_FILE: 'gone.csv' };
  const { result } = await ingest([], env);
  expect(result).toMatchObject({ table: 'from_file', title: `tabular_classification_${result.runId}` });
  expect((await ingest(['--table', 'from_flag'], env)).result).toMatchObject({ table: 'from_flag' });
});
