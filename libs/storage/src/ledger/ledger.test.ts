import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../database/open.js';
import { databases, type Bench } from '../test-support/databases.test-support.js';
import { batch, columns, newRun, record, stageAll, write } from '../test-support/records.test-support.js';

const OWN = columns({ n: 'INT', t: 'VARCHAR(20)' });
const rows = (...cells: [string | null, string | null][]) => cells.map((values) => record(values));

/** Waits until this machine's clock shows a later millisecond. */
async function later(than: Date): Promise<void> {
  while (Date.now() <= than.getTime()) await sleep(1);
}

describe.each(databases())('$name', ({ open }) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await open();
  });
  afterEach(() => bench.close());

  it('updates the tables of a version without shards and keeps their rows', async () => {
    await bench.db.ledger.begin(newRun('r1', 'd'));
    for (const statement of [
      'ALTER TABLE _ingestor_runs DROP COLUMN shards',
      'ALTER TABLE _ingestor_batches DROP COLUMN shard',
      'DROP TABLE _ingestor_shards',
      'DROP TABLE _ingestor_locks',
      'CREATE TABLE _ingestor_locks (table_name VARCHAR(64) PRIMARY KEY, run_id VARCHAR(64))',
    ]) {
      await bench.look(statement);
    }
    const upgraded = await openDatabase(bench.options);
    try {
      expect(await upgraded.ledger.get('r1')).toMatchObject({ runId: 'r1', state: 'staging', shards: 1 });
      await (await upgraded.lock('d', 'r1')).release();
    } finally {
      await upgraded.close();
    }
  });

  it('reads the state of a shard that an earlier version stopped, and writes its new name', async () => {
    const { ledger } = bench.db;
    await ledger.setShard('r1', 0, 'stopped');
    await ledger.setShard('r1', 1, 'stopped');
    const states = () => bench.look('SELECT state FROM _ingestor_shards ORDER BY shard');
    expect(await states()).toEqual([{ state: 'stopped' }, { state: 'stopped' }]);
    await bench.look("UPDATE _ingestor_shards SET state = 'told' WHERE shard = 1");
    expect((await ledger.shards('r1')).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('can be created by several processes at the same time', async () => {
    const fresh = await open();
    await fresh.close();
    const options =
      fresh.options.kind === 'mysql' ? { ...fresh.options, name: `${fresh.options.name}_new` } : bench.options;
    const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase(options)));
    for (const db of opened) expect(await db.ledger.list()).toEqual([]);
    await Promise.all(opened.map((db) => db.close()));
  });

  describe('ledger', () => {
    it('stores the states and calls of a run', async () => {
      const { ledger } = bench.db;
      const begun = await ledger.begin(newRun('r1', 'd'));
      expect(begun).toMatchObject({ state: 'staging', host: hostname(), pid: process.pid, staged: 0, sent: 0 });
      expect(await ledger.get('r1')).toEqual(begun);
      await ledger.setState('r1', 'staged');
      await ledger.markSent('r1', 3_000_000_000);
      await ledger.markCall('r1', 'prepare');
      await ledger.markCall('r1', 'prepare');
      await ledger.markCall('r1', 'dataset');
      expect(await ledger.get('r1')).toMatchObject({ state: 'staged', sent: 3_000_000_000 });
      expect(await ledger.calls('r1')).toEqual(new Set(['prepare', 'dataset']));
      expect(await ledger.calls('r2')).toEqual(new Set());
      expect(await ledger.get('r2')).toBeUndefined();
    });

    it('returns a table’s newest run that is not dropped or superseded', async () => {
      const { ledger } = bench.db;
      for (const runId of ['r1', 'r2', 'r3']) await ledger.begin(newRun(runId, 'd'));
      await ledger.begin(newRun('other', 'D'));
      await ledger.setState('r3', 'dropped');
      expect((await ledger.current('d'))?.runId).toBe('r2');
      await ledger.setState('r2', 'superseded');
      expect((await ledger.current('d'))?.runId).toBe('r1');
      expect(await ledger.current('e')).toBeUndefined();
      expect((await ledger.list()).map(({ runId }) => runId)).toEqual(['r1', 'r2', 'r3', 'other']);
    });

    it('returns the newest runs, the runs before them, and their number', async () => {
      const { ledger } = bench.db;
      for (const runId of ['r1', 'r2', 'q%', 'r3']) await ledger.begin(newRun(runId, runId === 'r2' ? 'e' : 'd'));
      const ids = async (page: Parameters<typeof ledger.list>[0]) =>
        (await ledger.list(page)).map(({ runId }) => runId);
      expect(await ids({ limit: 2 })).toEqual(['q%', 'r3']);
      expect(await ids({ limit: 2, offset: 2 })).toEqual(['r1', 'r2']);
      expect(await ids({ limit: 2, offset: 1, table: 'd' })).toEqual(['r1', 'q%']);
      expect([await ledger.count(), await ledger.count('d'), await ledger.count('x')]).toEqual([4, 3, 0]);
      const beginning = async (text: string) => (await ledger.beginningWith(text)).map(({ runId }) => runId);
      expect(await beginning('r')).toEqual(['r1', 'r2', 'r3']);
      expect(await beginning('q%')).toEqual(['q%']);
      expect(await beginning('%')).toEqual([]);
    });

    it('keeps the counts of labels for as long as the dataset exists', async () => {
      const { ledger } = bench.db;
      const labels = { labels: [{ label: 'ä\u0000😀', records: 2 }], distinct: 3 };
      const keep = async (runId: string) => {
        const { run } = await stageAll(bench.db, runId, 'd', OWN, rows(['1', 'x']));
        expect(await ledger.labels(runId)).toBeUndefined();
        await bench.db.keepLabels(runId, labels);
        await bench.db.publish(run);
        expect(await ledger.labels(runId)).toEqual(labels);
      };
      await keep('r1');
      await keep('r2');
      expect(await ledger.labels('r1')).toBeUndefined();
      expect(JSON.stringify(await ledger.list())).not.toContain('😀');
      await bench.db.drop('d');
      expect(await ledger.labels('r2')).toBeUndefined();
      await bench.db.keepLabels('r2', labels);
      await ledger.setState('r2', 'dropped');
      expect(await ledger.labels('r2')).toBeUndefined();
    });

    it('updates the run’s time of change when rows are staged', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, []);
      await later(run.startedAt);
      await write(staging, batch(0, rows(['1', 'x']), 'r1'));
      const { startedAt, updatedAt } = (await bench.db.ledger.get('r1'))!;
      expect(startedAt).toEqual(run.startedAt);
      expect(updatedAt.getTime()).toBeGreaterThan(startedAt.getTime());
      expect(updatedAt.getTime()).toBeLessThan(startedAt.getTime() + 30_000);
    });
  });

  describe('catalog', () => {
    const entry = {
      ...{ table: 'd', title: 'Ein 😀 "Titel"', task: 'tabular_classification', intent: 'train' as const },
      ...{ dataFormat: 'tabular', runId: 'r1', records: 5, registeredWith: '' },
      schema: { 'a`b': 'INT', 'c|d': 'VARCHAR(3)' },
      metadata: { number_of_columns: 2, nested: [{ a: null }] },
    };

    it('keeps entries, and their time of creation when they are updated', async () => {
      const { catalog } = bench.db;
      await catalog.put(entry);
      const created = (await catalog.get('d'))!;
      expect(created).toEqual({ ...entry, createdAt: expect.any(Date) });
      await later(created.createdAt);
      await catalog.put({ ...entry, registeredWith: 'local' });
      for (const table of ['f', 'e']) await catalog.put({ ...entry, table });
      expect((await catalog.list({ limit: 1, offset: 1 })).map(({ table }) => table)).toEqual(['e']);
      expect(await catalog.count()).toBe(3);
      for (const table of ['f', 'e']) await catalog.remove(table);
      expect(await catalog.list()).toEqual([{ ...created, registeredWith: 'local' }]);
      await catalog.put({ ...entry, runId: 'r2' });
      expect((await catalog.get('d'))!.createdAt.getTime()).toBeGreaterThan(created.createdAt.getTime());
      await catalog.remove('d');
      expect(await catalog.get('d')).toBeUndefined();
    });

    it('lists entries that are too large for one statement, and the same ones without their columns', async () => {
      const { catalog } = bench.db;
      const schema = { wide: 'x'.repeat(3 << 20) };
      const tables = ['a', 'b', 'c', 'd', 'e'];
      // A statement returns two of them at most.
      for (const table of tables.toReversed()) await catalog.put({ ...entry, table, schema });
      const all = await catalog.list();
      expect(all.map(({ table }) => table)).toEqual(tables);
      expect(new Set(all.map(({ schema: { wide } }) => wide))).toEqual(new Set([schema.wide]));
      const without = all.map(({ schema: _schema, metadata: _metadata, ...rest }) => rest);
      expect(await catalog.summaries()).toEqual(without);
      expect(await catalog.summaries({ limit: 2, offset: 1 })).toEqual(without.slice(1, 3));
      expect((await catalog.list({ limit: 2, offset: 4 })).map(({ table }) => table)).toEqual(['e']);
    });

    it('removes the entry and supersedes the run with the table', async () => {
      const { run } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.db.publish(run);
      await bench.db.catalog.put(entry);
      await bench.db.drop('d');
      await bench.db.drop('d');
      expect(await bench.db.columnsOf('d')).toBeUndefined();
      expect(await bench.db.catalog.list()).toEqual([]);
      expect((await bench.db.ledger.get('r1'))?.state).toBe('superseded');
    });

    it.each(['_ingestor_runs', '_INGESTOR_x'])('refuses %s as the name of a dataset', async (table) => {
      await expect(bench.db.drop(table)).rejects.toMatchObject({ code: 'table-reserved' });
      await expect(bench.db.lock(table, 'r1')).rejects.toMatchObject({ code: 'table-reserved' });
      expect(await bench.db.ledger.list()).toEqual([]);
    });
  });
});
