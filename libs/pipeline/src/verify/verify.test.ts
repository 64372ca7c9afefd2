import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, type Checksums } from '@tracebloc/ingestor-storage';
import { shareMariaDb, startFakeBackend, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';
import { ingest } from '../run/ingest.js';
import { abortAfter, lines, newDatabase, Place, remote, rowsOf } from '../run/ingest.test-support.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { cleanRuns } from '../runs/clean.js';
import { describeResume } from '../runs/describe-next.js';
import { verifyDataset } from './verify-dataset.js';

const LAYOUT = () => lines.layout;
const calm = new AbortController().signal;

let place: Place;
let backend: FakeBackend;
let server: MariaDb;

beforeAll(async () => {
  [backend, server] = await Promise.all([startFakeBackend(), shareMariaDb()]);
});
afterAll(() => Promise.all([backend.stop(), server.stop()]));
beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(95));
});
afterEach(() => place.remove());

function execute(sql: string): void {
  const database = new DatabaseSync(join(place.folder, 'db.sqlite'));
  database.exec(sql);
  database.close();
}

/** Runs the statement when the dataset is staged and about to be verified; `STAGED` stands for its table. */
function meddling(sql: string): RunObserver {
  return {
    ...silentObserver,
    phase: ({ phase, runId }) => {
      if (phase === 'verifying') execute(sql.replace('STAGED', `\`_ingestor_stage_${runId!}\``));
    },
  };
}

const DAMAGES: [what: string, damage: string, repair: string | undefined, reason: string][] = [
  ['a cell', 'UPDATE STAGED SET n = 1000 WHERE id = 50', 'UPDATE STAGED SET n = 49 WHERE id = 50', '"n"'],
  ['a row that is gone', 'DELETE FROM STAGED WHERE id = 95', undefined, '94 rows, and 95 were loaded'],
];

it.each(DAMAGES)(
  '%s that is not what was loaded keeps the dataset from being published, and the old one stays',
  async (_what, damage, repair, reason) => {
    await place.write(rowsOf(40));
    await ingest(place.config());
    await place.write(rowsOf(95));
    const config = () => place.config({ backend: remote(backend), title: damage });
    const before = backend.calls.length;
    const differs = { code: 'staged-differs', exitCode: 1, message: expect.stringContaining(reason) };
    await expect(ingest(config(), { overwrite: true, observer: meddling(damage) })).rejects.toMatchObject(differs);
    await expect(ingest(config(), { overwrite: true })).rejects.toMatchObject(differs);

    let staged = '';
    await place.inspect(async ({ ledger, catalog }, stores) => {
      const run = (await ledger.current('numbers'))!;
      staged = `\`_ingestor_stage_${run.runId}\``;
      expect(run).toMatchObject({ state: 'staged', verified: false, sent: 0 });
      expect(describeResume({ run, shards: [], calls: [], current: run })).toMatch(/compares the 95 staged records/);
      expect(await catalog.get('numbers')).toMatchObject({ records: 40, registeredWith: 'local' });
      expect(await verifyDataset(stores, 'numbers', LAYOUT, calm)).toMatchObject({ whole: true, records: 40 });
    });
    if (repair !== undefined) execute(repair.replace('STAGED', staged));
    const options = { overwrite: true, restart: repair === undefined };
    await expect(ingest(config(), options)).resolves.toMatchObject({ sent: 95 });
    expect(backend.calls.length).toBeGreaterThan(before);
    await place.inspect(async ({ ledger }, stores) => {
      expect(await ledger.current('numbers')).toMatchObject({ state: 'registered', verified: true });
      expect(await verifyDataset(stores, 'numbers', LAYOUT, calm)).toMatchObject({ whole: true, records: 95 });
    });
  },
);

it('a staging table that is gone is an error, and a restart begins anew', async () => {
  const observer = meddling('DELETE FROM STAGED');
  await expect(ingest(place.config(), { observer })).rejects.toMatchObject({ code: 'staged-differs' });
  const run = await place.inspect(({ ledger }) => ledger.current('numbers'));
  execute(`DROP TABLE \`_ingestor_stage_${run!.runId}\``);
  await expect(ingest(place.config())).rejects.toMatchObject({ code: 'staging-missing' });
  await expect(ingest(place.config(), { restart: true })).resolves.toMatchObject({ outcome: 'ingested' });
});

it('shards whose rows are not what was loaded publish nothing, until what is staged is dropped', async () => {
  const database = await newDatabase(server);
  const shard = (index: number) => place.config({ database, shard: { index, count: 2 } });
  const differs = { code: 'staged-differs', message: expect.stringContaining('"n"') };
  await ingest(shard(0));
  const opened = await openDatabase(database);
  const { runId } = (await opened.ledger.current('numbers'))!;
  await server.sql(`UPDATE ${database.name}.\`_ingestor_stage_${runId}\` SET n = 1000 WHERE id = 3`);
  await expect(ingest(shard(1))).rejects.toMatchObject({
    ...differs,
    fix: expect.arrayContaining([expect.stringContaining(`ingestor runs clean ${runId} --unfinished`)]),
  });
  await expect(ingest(shard(0))).rejects.toMatchObject(differs);
  expect(await opened.columnsOf('numbers')).toBeUndefined();

  const stores = { database: opened, folders: new DatasetFolders(place.folder, opened) };
  const { removed } = await cleanRuns(stores, { unfinished: true, runId });
  expect(removed.map((run) => run.runId)).toEqual([runId]);
  await ingest(shard(0));
  await expect(ingest(shard(1))).resolves.toMatchObject({ outcome: 'ingested', inserted: 95 });
  await opened.close();
});

it.each(['published', 'publishing'])(
  'a run that an earlier version left %s without comparing it is compared before it is registered',
  async (state) => {
    const config = () => place.config({ backend: remote(backend), title: state });
    backend.fail({ match: /global/, status: 400, times: 1 });
    await expect(ingest(config())).rejects.toMatchObject({ name: 'IngestorError' });
    execute(`UPDATE _ingestor_runs SET verified = 0, state = '${state}'`);
    execute('UPDATE numbers SET n = 1000 WHERE id = 50');
    const differs = { code: 'published-differs', exitCode: 1, message: expect.stringContaining('"n"') };
    await expect(ingest(config())).rejects.toMatchObject(differs);
    await place.inspect(async ({ ledger }) => {
      const run = (await ledger.current('numbers'))!;
      expect(run).toMatchObject({ state: 'published', verified: false });
      expect(describeResume({ run, shards: [], calls: [], current: run })).toMatch(/compares it with what was loaded/);
    });
    execute('UPDATE numbers SET n = 49 WHERE id = 50');
    await expect(ingest(config())).resolves.toMatchObject({ outcome: 'resumed' });
    await place.inspect(async ({ ledger }) =>
      expect(await ledger.current('numbers')).toMatchObject({ state: 'registered', verified: true }),
    );
  },
);

it('happens once: a run that is verified and not registered yet is not read again', async () => {
  const config = () => place.config({ backend: remote(backend) });
  backend.fail({ match: /global/, status: 400, times: 1 });
  await expect(ingest(config())).rejects.toMatchObject({ name: 'IngestorError' });
  const messages: string[] = [];
  const observer = { ...silentObserver, debug: (message: string) => void messages.push(message) };
  await expect(ingest(config(), { observer })).resolves.toMatchObject({ outcome: 'resumed' });
  expect(messages.filter((message) => message.startsWith('Verifying'))).toEqual([]);
});

it('names the column that differs, and how many values it should have', async () => {
  await ingest(place.config());
  execute(`UPDATE numbers SET label = 'odd' WHERE id = 1`);
  execute('UPDATE numbers SET n = NULL WHERE id = 2');
  await place.inspect(async (_database, stores) => {
    const { findings, whole } = await verifyDataset(stores, 'numbers', LAYOUT, calm);
    expect(whole).toBe(false);
    expect(findings).toMatchObject([
      { code: 'column-values-differ', column: 'label', message: expect.stringContaining('95 values as loaded') },
      { code: 'column-values-differ', column: 'n', message: expect.stringContaining('94 values, and 95 were loaded') },
    ]);
  });
});

it('compares the rest of a dataset that was loaded without checksums, and reports it', async () => {
  await ingest(place.config());
  execute('UPDATE _ingestor_runs SET checksums = NULL');
  await place.inspect(async (_database, stores) => {
    const found = await verifyDataset(stores, 'numbers', LAYOUT, calm);
    expect(found).toMatchObject({ whole: true, findings: [{ code: 'no-checksums', severity: 'warning' }] });
  });
});

it('runs that are cut off and resumed, and shards, have the checksums of an undisturbed run', async () => {
  /** Returns the checksums without the sum of the data_ids, which differ between runs. */
  const checksums = async (options: RunConfig['database'], table: string) => {
    const database = await openDatabase(options);
    const run = await database.ledger.current(table);
    const { columns, ...rest } = (await database.ledger.checksums(run!.runId)) as Checksums;
    await database.close();
    const [values] = columns.data_id!;
    expect(run).toMatchObject({ verified: true });
    return { ...rest, columns: { ...columns, data_id: values } };
  };
  const database = await newDatabase(server);
  const config = (changes: Partial<RunConfig> = {}) => place.config({ database, ...changes });
  await ingest(config());
  const expected = await checksums(database, 'numbers');
  expect(expected).toMatchObject({ records: 95, columns: { n: [95, expect.any(Number)], filename: [0, 0] } });

  const cutOff = config({ table: 'cut_off' });
  await expect(ingest(cutOff, abortAfter(40))).rejects.toMatchObject({ code: 'interrupted' });
  await expect(ingest(cutOff)).resolves.toMatchObject({ outcome: 'resumed' });
  expect(await checksums(database, 'cut_off')).toEqual(expected);

  const sharded = [2, 0, 1].map((index) => config({ table: 'sharded', shard: { index, count: 3 } }));
  for (const shard of sharded) await ingest(shard);
  expect(await checksums(database, 'sharded')).toEqual(expected);
  await ingest(place.config());
  expect(await checksums(place.config().database, 'numbers')).toEqual(expected);
});
