import { appendFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DatasetRecord, TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, type Database } from '@tracebloc/ingestor-storage';
import { shareMariaDb, startFakeBackend, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';
import { rewriteInPlace, when, WRITTEN } from '../read/changing.test-support.js';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from '../run/ingest.js';
import { lines, newDatabase, Place, remote, rowsOf } from '../run/ingest.test-support.js';

let server: MariaDb;
let backend: FakeBackend;
let place: Place;
let database: RunConfig['database'];
let db: Database;

beforeAll(async () => {
  [server, backend] = await Promise.all([shareMariaDb(), startFakeBackend()]);
});
afterAll(() => Promise.all([server.stop(), backend.stop()]));

beforeEach(async () => {
  place = await Place.make();
  await place.write(rowsOf(90));
  database = await newDatabase(server);
  db = await openDatabase(database);
});
afterEach(async () => {
  await db.close();
  await place.remove();
});

const ownRows: TaskType = { ...lines, shards: { rows: 'own' } };

/** Returns a function whose calls all resolve at the call number `count`. */
function barrier(count: number): () => Promise<void> {
  let arrived = 0;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return async () => {
    if (++arrived === count) resolve(undefined);
    await promise;
  };
}

/** Returns the task with shards that wait for each other before they end. */
function endingTogether(task: TaskType, count: number): TaskType {
  const wait = barrier(count);
  return {
    ...task,
    async *records(context) {
      yield* task.records(context);
      await wait();
    },
  };
}

const configOf = (shard: Shard, changes: Partial<RunConfig> = {}) =>
  place.config({ database, backend: remote(backend), shard, ...changes });

const ingestShards = (count: number, changes: Partial<RunConfig> = {}) =>
  Promise.all(Array.from({ length: count }, (_, index) => ingest(configOf({ index, count }, changes))));

async function meta() {
  return (await db.readMeta('numbers', 0, 1000)).map(({ ordinal, label }) => [ordinal, label]);
}

const EXPECTED = rowsOf(90).map(([label], ordinal) => [ordinal, label]);

it.each([
  ['without support for shards', lines],
  ['that reads the rows of its shard', ownRows],
] as const)('shards of a task %s that end at the same moment publish once', async (_name, task) => {
  const before = backend.calls.length;
  const rounds = 2;
  for (let round = 0; round < rounds; round++) {
    await place.write(rowsOf(90));
    const results = await ingestShards(3, { task: endingTogether(task, 3) });
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['ingested', 'staged', 'staged']);
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(1);
    expect(await meta()).toEqual(EXPECTED);
    await db.drop('numbers');
  }
  const calls = backend.calls.slice(before).map(({ name }) => name);
  expect(calls.filter((name) => name === 'dataset')).toHaveLength(rounds);
  expect(backend.violations).toEqual([]);
});

it('a dataset that shards registered with one backend is registered with another once it is deleted', async () => {
  const other = await startFakeBackend();
  try {
    await ingestShards(2, { backend: { kind: 'local' } });
    const first = configOf({ index: 0, count: 2 });
    expect(await ingest(first)).toMatchObject({ outcome: 'resumed', sent: 90 });
    await expect(ingest({ ...first, backend: remote(other) })).rejects.toMatchObject({
      code: 'registered-elsewhere',
      fix: [expect.anything(), expect.stringContaining('datasets delete numbers')],
    });
    expect(other.calls.filter(({ name }) => name !== 'token')).toEqual([]);
    await deleteDataset({ database: db, folders: new DatasetFolders(place.folder, db) }, 'numbers');
    const results = await ingestShards(2, { backend: remote(other) });
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['ingested', 'staged']);
    expect(other.tables.numbers!.labels.size).toBe(90);
  } finally {
    await other.stop();
  }
});

it('exactly one of many shards that close the staging at the same moment learns that it did', async () => {
  const others = await Promise.all([1, 2, 3].map(() => openDatabase(database)));
  for (let round = 0; round < 8; round++) {
    const runId = `run-${round}`;
    await db.ledger.begin({
      ...{ runId, table: 't', task: 'lines', intent: 'train', configHash: 'c', sourceFingerprint: 's' },
      ...{ batchSize: 10, shards: 4 },
    });
    const outcome = { records: 1, skipped: 0, total: 4, part: null, checksums: null, statistics: null };
    const won = await Promise.all(
      [db, ...others].map(async ({ ledger }, shard) => {
        await ledger.setShard(runId, shard, 'staged', outcome);
        return ledger.closeStaging(runId);
      }),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  }
  await Promise.all(others.map((other) => other.close()));
});

it('a shard that joined just before another found errors does not hide them', async () => {
  const run = await db.ledger.begin({
    ...{ runId: 'run-late', table: 't', task: 'lines', intent: 'train', configHash: 'c', sourceFingerprint: 's' },
    ...{ batchSize: 10, shards: 2 },
  });
  const spec = { table: 't', columns: place.config().columns };
  await (await db.stage(run, spec, 0)).close();
  await db.ledger.setShard(run.runId, 0, 'invalid');
  await db.ledger.setState(run.runId, 'dropped');
  await db.dropStaging(run.runId);
  await (await db.stage(run, spec, 1)).close();
  expect(await db.ledger.shards(run.runId)).toMatchObject([{ shard: 0, state: 'invalid' }]);
});

it('records that are not in the order of their rows are refused, and so is a task whose records change', async () => {
  const interleaved: TaskType = {
    ...lines,
    async *records(context) {
      const all: DatasetRecord[] = [];
      for await (const batch of lines.records(context)) all.push(...batch);
      yield all.sort((one, other) => (one.row % 2) - (other.row % 2) || one.row - other.row);
    },
  };
  await expect(ingest(place.config({ database, task: interleaved }))).resolves.toMatchObject({ outcome: 'ingested' });
  await db.drop('numbers');
  await expect(ingest(configOf({ index: 0, count: 2 }, { task: interleaved }))).rejects.toMatchObject({
    code: 'shards-do-not-fit',
  });
  const fewer: TaskType = {
    ...lines,
    async *records(context) {
      for await (const batch of lines.records(context)) yield batch.filter(({ row }) => row > 10);
    },
  };
  const first = ingest(configOf({ index: 0, count: 2 }, { task: fewer, table: 'other' }));
  await expect(first).resolves.toMatchObject({ outcome: 'staged' });
  const second = ingest(configOf({ index: 1, count: 2 }, { table: 'other' }));
  await expect(second).rejects.toMatchObject({ code: 'shards-do-not-fit' });
  expect(await db.columnsOf('other')).toBeUndefined();
});

it('a shard that is restarted stages its own records anew', async () => {
  for (const index of [0, 1]) await ingest(configOf({ index, count: 3 }));
  const [run] = await db.ledger.list();
  await ingest(configOf({ index: 1, count: 3 }), { restart: true });
  expect(await db.ledger.get(run!.runId)).toMatchObject({ state: 'staging', staged: 60 });
  await expect(ingest(configOf({ index: 2, count: 3 }))).resolves.toMatchObject({ outcome: 'ingested', inserted: 90 });
  expect(await meta()).toEqual(EXPECTED);
});

it('shards that have not all read one and the same file publish nothing', async () => {
  const config = (index: number) => {
    const { source, ...rest } = configOf({ index, count: 3 });
    return { ...rest, source: { ...source, csv: { ...source.csv, chunkSize: 64 } }, task: ownRows };
  };
  const restore = () => {
    utimesSync(place.source, WRITTEN, WRITTEN);
    return readFileSync(place.source);
  };
  const original = restore();
  // The second shard reads other content with the same size and time, and later checks find the first content again.
  await ingest(config(0));
  const rewritten = when(
    () => true,
    () => rewriteInPlace(place.source, 'odd,31\n', 'odd,91\n'),
  );
  const second = ingest(config(1), { observer: rewritten.observer });
  await second;
  writeFileSync(place.source, original);
  restore();
  await expect(ingest(config(2))).rejects.toMatchObject({ code: 'source-changed-while-read', exitCode: 3 });
  expect(await db.columnsOf('numbers')).toBeUndefined();
  expect(await db.ledger.current('numbers')).toBeUndefined();
});

it('a shard that finds its file growing ends the run for all', async () => {
  await ingest(configOf({ index: 0, count: 2 }, { task: ownRows }));
  const { observer } = when(
    () => true,
    () => appendFileSync(place.source, 'odd,91\n'),
  );
  const second = ingest(configOf({ index: 1, count: 2 }, { task: ownRows }), { observer });
  await expect(second).rejects.toMatchObject({ code: 'source-changed-while-read' });
  expect(await db.ledger.current('numbers')).toBeUndefined();
});
