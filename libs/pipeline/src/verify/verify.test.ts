import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Secret } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { openDatabase, type Checksums } from '@tracebloc/ingestor-storage';
import { startFakeBackend, startMariaDb, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';
import { ingest } from '../ingest.js';
import { lines, Place, remote, rowsOf } from '../ingest.test.support.js';
import { silentObserver, type RunObserver } from '../observer.js';
import { describeResume } from '../runs/resume.js';
import { verifyDataset } from './verify-dataset.js';

const LAYOUT = () => lines.layout;
const calm = new AbortController().signal;

let place: Place;
let backend: FakeBackend;
let server: MariaDb;

beforeAll(async () => {
  [backend, server] = await Promise.all([startFakeBackend(), startMariaDb()]);
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

/** Runs the statement when the dataset is published and about to be verified. */
function meddling(sql: string): RunObserver {
  return {
    ...silentObserver,
    debug: (message) => {
      if (message.startsWith('Verifying run')) execute(sql);
    },
  };
}

it.each([
  ['a cell', 'UPDATE numbers SET n = 1000 WHERE id = 50', 'UPDATE numbers SET n = 49 WHERE id = 50', '"n"'],
  ['a row that is gone', 'DELETE FROM numbers WHERE id = 95', undefined, '94 rows, and 95 were loaded'],
])(
  '%s that is not what was loaded stops the run before anything is registered',
  async (_what, damage, repair, tells) => {
    const config = () => place.config({ backend: remote(backend), title: damage });
    const known = () => backend.calls.length;
    const before = known();
    await expect(ingest(config(), { observer: meddling(damage) })).rejects.toMatchObject({
      ...{ code: 'published-differs', exitCode: 1, message: expect.stringContaining(tells) },
    });
    expect(known()).toBe(before);
    await place.inspect(async ({ ledger }, places) => {
      expect(await ledger.current('numbers')).toMatchObject({ state: 'published', verified: false, sent: 0 });
      const account = { run: (await ledger.current('numbers'))!, shards: [], calls: [], current: undefined };
      expect(describeResume(account)).toMatch(/compares it with what was loaded/);
      expect(await verifyDataset(places, 'numbers', LAYOUT, calm)).toMatchObject({ whole: false });
    });
    await expect(ingest(config())).rejects.toMatchObject({ code: 'published-differs' });

    if (repair === undefined) await ingest(config(), { restart: true, overwrite: true });
    else {
      execute(repair);
      await expect(ingest(config())).resolves.toMatchObject({ outcome: 'resumed', sent: 95 });
    }
    await place.inspect(async ({ ledger }, places) => {
      expect(await ledger.current('numbers')).toMatchObject({ state: 'registered', verified: true });
      expect(await verifyDataset(places, 'numbers', LAYOUT, calm)).toMatchObject({ whole: true, findings: [] });
    });
  },
);

it('is done once: a run that is verified and not registered yet is not read again', async () => {
  const config = () => place.config({ backend: remote(backend) });
  backend.fail({ match: /global/, status: 400, times: 1 });
  await expect(ingest(config())).rejects.toMatchObject({ name: 'IngestorError' });
  const told: string[] = [];
  const observer = { ...silentObserver, debug: (message: string) => void told.push(message) };
  await expect(ingest(config(), { observer })).resolves.toMatchObject({ outcome: 'resumed' });
  expect(told.filter((message) => message.startsWith('Verifying'))).toEqual([]);
});

it('finds the column, and says how many values it should have', async () => {
  await ingest(place.config());
  execute(`UPDATE numbers SET label = 'odd' WHERE id = 1`);
  execute('UPDATE numbers SET n = NULL WHERE id = 2');
  await place.inspect(async (_database, places) => {
    const { findings, whole } = await verifyDataset(places, 'numbers', LAYOUT, calm);
    expect(whole).toBe(false);
    expect(findings).toMatchObject([
      { code: 'column-values-differ', column: 'label', message: expect.stringContaining('95 values as loaded') },
      { code: 'column-values-differ', column: 'n', message: expect.stringContaining('94 values, and 95 were loaded') },
    ]);
  });
});

it('of a dataset that was loaded without checksums compares the rest, and says so', async () => {
  await ingest(place.config());
  execute('UPDATE _ingestor_runs SET checksums = NULL');
  await place.inspect(async (_database, places) => {
    const found = await verifyDataset(places, 'numbers', LAYOUT, calm);
    expect(found).toMatchObject({ whole: true, findings: [{ code: 'no-checksums', severity: 'warning' }] });
  });
});

it('runs that are cut off and resumed, and shards, have the checksums of an undisturbed run', async () => {
  /** But for the data_ids, which are each run's own. */
  const checksums = async (options: RunConfig['database'], table: string) => {
    const database = await openDatabase(options);
    const run = await database.ledger.current(table);
    const { columns, ...rest } = (await database.ledger.checksums(run!.runId)) as Checksums;
    await database.close();
    const [values] = columns.data_id!;
    expect(run).toMatchObject({ verified: true });
    return { ...rest, columns: { ...columns, data_id: values } };
  };
  const { host, port, user, password } = server;
  const database: RunConfig['database'] = {
    ...{ kind: 'mysql', host, port, user, password: new Secret(password), name: await server.createDatabase() },
  };
  const config = (changes: Partial<RunConfig> = {}) => place.config({ database, ...changes });
  await ingest(config());
  const expected = await checksums(database, 'numbers');
  expect(expected).toMatchObject({ records: 95, columns: { n: [95, expect.any(Number)], filename: [0, 0] } });

  const controller = new AbortController();
  const observer = {
    ...silentObserver,
    progress: ({ records }: { records: number }) => {
      if (records >= 40) controller.abort();
    },
  };
  const cutOff = config({ table: 'cut_off' });
  await expect(ingest(cutOff, { signal: controller.signal, observer })).rejects.toMatchObject({ code: 'interrupted' });
  await expect(ingest(cutOff)).resolves.toMatchObject({ outcome: 'resumed' });
  expect(await checksums(database, 'cut_off')).toEqual(expected);

  const sharded = [2, 0, 1].map((index) => config({ table: 'sharded', shard: { index, count: 3 } }));
  for (const shard of sharded) await ingest(shard);
  expect(await checksums(database, 'sharded')).toEqual(expected);
  await ingest(place.config());
  expect(await checksums(place.config().database, 'numbers')).toEqual(expected);
});
