import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hostname } from 'node:os';
import { LabelTally } from '../ledger/label-tally.js';
import { openDatabase } from './open.js';
import { kinds, type Bench } from '../test-support/databases.test-support.js';
import { batch, write, columns, newRun, record, stageAll } from '../test-support/records.test-support.js';

const OWN = columns({ n: 'INT', t: 'VARCHAR(20)' });
const rows = (...cells: [string | null, string | null][]) => cells.map((values) => record(values));

describe.each(kinds())('$name', ({ name, start, stop, open }) => {
  let bench: Bench;
  beforeAll(start);
  afterAll(stop);
  beforeEach(async () => {
    bench = await open();
  });
  afterEach(() => bench.close());

  const contents = (table: string) => bench.look(`SELECT id, label, data_id, n, t FROM ${table} ORDER BY id`);

  it('takes over the tables of a version that knew no shards, with what is in them', async () => {
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

  describe('rows', () => {
    it('travel as they should', async () => {
      const { staging } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      expect(name.endsWith(staging.method)).toBe(true);
    });

    it('arrive with the run’s fixed columns', async () => {
      const one = record(['7', 'x'], { label: '007', filename: 'img', extension: '.png', annotation: '{"a":1}' });
      await stageAll(bench.db, 'r1', 'd', OWN, [one]);
      expect(await bench.look('SELECT * FROM _ingestor_stage_r1')).toMatchObject([
        {
          ...{ id: 1, status: 0, label: '007', data_intent: 'train', data_id: 'r1-0', filename: 'img' },
          ...{ extension: '.png', annotation: '{"a":1}', ingestor_id: 'r1', n: 7, t: 'x' },
        },
      ]);
      const [{ fresh }] = (await bench.look(
        'SELECT created_at = updated_at AND created_at IS NOT NULL AS fresh FROM _ingestor_stage_r1',
      )) as [{ fresh: number }];
      expect(fresh).toBe(1);
    });

    it('keep nulls, empty texts and digits as written', async () => {
      await stageAll(bench.db, 'r1', 'd', OWN, rows([null, null], ['-5', ''], ['0', '007'], ['1', 'NULL']));
      expect((await contents('_ingestor_stage_r1')).map(({ n, t }) => [n, t])).toEqual([
        [null, null],
        [-5, ''],
        [0, '007'],
        [1, 'NULL'],
      ]);
    });

    it('are of any number', async () => {
      const many = Array.from({ length: 1037 }, (_, i) => record([String(i), `text ${i}`]));
      const { staging } = await stageAll(bench.db, 'r1', 'd', OWN, many);
      await write(staging, batch(1037, many.slice(0, 1), 'r1'));
      const stored = await contents('_ingestor_stage_r1');
      expect(stored).toHaveLength(1038);
      expect(stored[1036]).toMatchObject({ id: 1037, data_id: 'r1-1036', n: 1036, t: 'text 1036' });
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(1038);
    });

    it('keep labels and data_ids that differ in case apart', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, []);
      const two = [record(['1', 'x'], { label: 'Yes' }), record(['2', 'y'], { label: 'yes' })];
      await write(staging, { ...batch(0, two), dataIds: ['A', 'a'] });
      await bench.db.publish(run);
      expect(await bench.db.labelCounts('d')).toMatchObject({ distinct: 2 });
    });

    it('of another width than the table are a bug that stores nothing', async () => {
      const { staging } = await stageAll(bench.db, 'r1', 'd', OWN, []);
      await expect(write(staging, batch(0, [record(['1'])]))).rejects.toThrow(TypeError);
      expect(await contents('_ingestor_stage_r1')).toEqual([]);
    });

    it.each([
      ['within a batch', ['x', 'x']],
      ['with an earlier batch', ['y', 'first-0']],
    ])('with a data_id that repeats %s are refused, and the batch with them', async (_, dataIds) => {
      const { run, staging } = await stageAll(bench.db, 'first', 'd', OWN, rows(['1', 'x']));
      const second = { ...batch(1, rows(['2', 'secret'], ['3', 'secret'])), dataIds };
      const error: unknown = await write(staging, second).catch((e: unknown) => e);
      expect(error).toMatchObject({ name: 'IngestorError', code: 'duplicate-data-id', exitCode: 3 });
      expect(String(error)).not.toMatch(/first-0|secret/);
      expect(await contents('_ingestor_stage_first')).toHaveLength(1);
      expect((await bench.db.ledger.get('first'))?.staged).toBe(1);
      // The connection is fit for use after it.
      await write(await bench.db.stage(run, { table: 'd', columns: OWN }), { ...second, dataIds: ['p', 'q'] });
      expect(await contents('_ingestor_stage_first')).toHaveLength(3);
    });

    it('that follow a batch which failed are refused too, so that what is committed has no gap', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      const failing = write(staging, { ...batch(1, rows(['2', 'y'])), dataIds: ['r1-0'] });
      const waiting = write(staging, batch(2, rows(['3', 'z'])));
      await expect(failing).rejects.toMatchObject({ code: 'duplicate-data-id' });
      await expect(waiting).rejects.toMatchObject({ code: 'duplicate-data-id' });
      // The failure is over and done with, and nothing is under way any more.
      await expect(write(staging, batch(2, rows(['3', 'z'])))).rejects.toMatchObject({ code: 'duplicate-data-id' });
      expect(await contents('_ingestor_stage_r1')).toHaveLength(1);
      expect(await bench.db.stage(run, { table: 'd', columns: OWN })).toMatchObject({ committed: 1 });
    });
  });

  describe('a run that is cut off', () => {
    it('continues behind the last committed batch', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x'], ['2', 'y']));
      expect(staging.committed).toBe(0);
      await staging.close();
      const again = await openDatabase(bench.options);
      const reopened = await again.stage(run, { table: 'd', columns: OWN });
      expect(reopened.committed).toBe(2);
      await write(reopened, batch(2, rows(['3', 'z']), 'r1'));
      await again.close();
      expect((await contents('_ingestor_stage_r1')).map(({ id, n }) => [id, n])).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
    });

    it('begins at 0 when its staging table was removed', async () => {
      const { run } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.look('DROP TABLE _ingestor_stage_r1');
      const reopened = await bench.db.stage(run, { table: 'd', columns: OWN });
      expect(reopened.committed).toBe(0);
      await write(reopened, batch(0, rows(['1', 'x']), 'r1'));
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(1);
    });

    it('leaves tables and rows of the ledger, told by run, which go one run at a time', async () => {
      await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.look('CREATE TABLE _ingestor_old_r2 (id INT)');
      await bench.db.ledger.markCall('r2', 'prepare');
      const first = { runId: 'r1', tables: ['_ingestor_stage_r1'], ledgerRows: 1 };
      const second = { runId: 'r2', tables: ['_ingestor_old_r2'], ledgerRows: 1 };
      const traces = async () => (await bench.db.runLeftovers()).sort((a, b) => a.runId.localeCompare(b.runId));
      expect(await traces()).toEqual([first, second]);
      await bench.db.dropTraces('r2');
      expect(await traces()).toEqual([first]);
      await bench.db.dropTraces('r1');
      expect(await traces()).toEqual([]);
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(1);
    });

    it('leaves no staging table once it is dropped', async () => {
      await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.db.dropStaging('r1');
      await bench.db.dropStaging('r1');
      expect(await bench.db.columnsOf('_ingestor_stage_r1')).toBeUndefined();
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(0);
    });
  });

  describe('publish', () => {
    it('gives the rows the table’s name', async () => {
      const { run } = await stageAll(bench.db, 'r1', 'my-data', OWN, rows(['1', 'x'], ['2', 'y']));
      expect(await bench.db.columnsOf('my-data')).toBeUndefined();
      await bench.db.publish(run);
      expect(await bench.db.columnsOf('my-data')).toEqual([
        { name: 'n', sql: 'INT' },
        { name: 't', sql: 'VARCHAR(20)' },
      ]);
      expect(await bench.db.count('my-data')).toBe(2);
      expect(await bench.db.columnsOf('_ingestor_stage_r1')).toBeUndefined();
      expect(await bench.db.ledger.current('my-data')).toMatchObject({ runId: 'r1', state: 'published' });
    });

    it('replaces what is there, and may be repeated', async () => {
      const first = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'old']));
      await bench.db.publish(first.run);
      const second = await stageAll(bench.db, 'r2', 'd', columns({ n: 'INT', t: 'TEXT' }), rows(['9', 'new']));
      await bench.db.publish(second.run);
      await bench.db.publish(second.run);
      expect((await contents('d')).map(({ n, t }) => [n, t])).toEqual([[9, 'new']]);
      expect(await bench.db.columnsOf('_ingestor_old_r2')).toBeUndefined();
      expect((await bench.db.ledger.get('r1'))?.state).toBe('superseded');
      expect(await bench.db.ledger.current('d')).toMatchObject({ runId: 'r2', state: 'published' });
    });

    it('does not take another run’s table for its own', async () => {
      const first = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'old']));
      await bench.db.publish(first.run);
      const lost = await bench.db.ledger.begin(newRun('r2', 'd'));
      await expect(bench.db.publish(lost)).rejects.toMatchObject({ code: 'staging-missing' });
      expect((await bench.db.ledger.get('r1'))?.state).toBe('published');
    });
  });

  describe('what is read back', () => {
    it('counts labels, the most frequent first, and pages through records', async () => {
      const labels = ['b', 'a', null, 'a', 'a', 'b', '007'];
      const { run } = await stageAll(
        ...([bench.db, 'r1', 'd', OWN, labels.map((label) => record(['1', 'x'], { label }))] as const),
      );
      await bench.db.publish(run);
      const counts = {
        labels: [
          { label: 'a', records: 3 },
          { label: 'b', records: 2 },
          { label: null, records: 1 },
          { label: '007', records: 1 },
        ],
        distinct: 4,
      };
      expect(await bench.db.labelCounts('d')).toEqual(counts);
      const tally = new LabelTally();
      await bench.db.readChecksums('d', OWN, undefined, tally);
      expect(tally.result).toEqual(counts);
      expect(await bench.db.readMeta('d', 5, 2)).toEqual([
        { ordinal: 5, dataId: 'r1-5', label: 'b' },
        { ordinal: 6, dataId: 'r1-6', label: '007' },
      ]);
      expect(await bench.db.readMeta('d', 7, 2)).toEqual([]);
    });

    it('has every type in the schema’s spelling', async () => {
      const types = ['VARCHAR(3)', 'CHAR(3)', 'TEXT', 'TINYINT', 'TINYINT UNSIGNED', 'SMALLINT', 'MEDIUMINT', 'INT'];
      types.push('BIGINT', 'BIGINT UNSIGNED', 'FLOAT', 'DOUBLE', 'DOUBLE UNSIGNED', 'DECIMAL(10,2)', 'BOOLEAN');
      types.push('DECIMAL(30,4)', 'DECIMAL(30,4) UNSIGNED', 'DATE', 'DATETIME', 'DATETIME(3)', 'TIMESTAMP', 'TIME(6)');
      const own = columns(Object.fromEntries(types.map((sql, i) => [`c${i}`, sql])));
      const { run } = await stageAll(bench.db, 'r1', 'd', own, []);
      await bench.db.publish({ ...run });
      expect((await bench.db.columnsOf('d'))!.map(({ sql }) => sql)).toEqual(types);
    });
  });

  describe('ledger', () => {
    it('holds a run’s way', async () => {
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

    it('knows a table’s newest run that counts', async () => {
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

    it('gives the newest runs, those before them, and how many there are', async () => {
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

    it('keeps the counts of labels as long as the dataset is there', async () => {
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

    it('tells when a run was touched last, by staging too', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, []);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await write(staging, batch(0, rows(['1', 'x']), 'r1'));
      const { startedAt, updatedAt } = (await bench.db.ledger.get('r1'))!;
      expect(startedAt).toEqual(run.startedAt);
      expect(updatedAt.getTime()).toBeGreaterThanOrEqual(startedAt.getTime() + 15);
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

    it('keeps entries, and their creation time through an update', async () => {
      const { catalog } = bench.db;
      await catalog.put(entry);
      const created = (await catalog.get('d'))!;
      expect(created).toEqual({ ...entry, createdAt: expect.any(Date) });
      await new Promise((resolve) => setTimeout(resolve, 5));
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

    it('loses the entry, and the run its place, with the table', async () => {
      const { run } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.db.publish(run);
      await bench.db.catalog.put(entry);
      await bench.db.drop('d');
      await bench.db.drop('d');
      expect(await bench.db.columnsOf('d')).toBeUndefined();
      expect(await bench.db.catalog.list()).toEqual([]);
      expect((await bench.db.ledger.get('r1'))?.state).toBe('superseded');
    });

    it.each(['_ingestor_runs', '_INGESTOR_x'])('cannot take %s for a dataset', async (table) => {
      await expect(bench.db.drop(table)).rejects.toMatchObject({ code: 'table-reserved' });
      await expect(bench.db.lock(table, 'r1')).rejects.toMatchObject({ code: 'table-reserved' });
      expect(await bench.db.ledger.list()).toEqual([]);
    });
  });

  describe('lock', () => {
    it('is held once a table, and names its holder', async () => {
      const other = await openDatabase(bench.options);
      const lock = await bench.db.lock('d', 'r1');
      const error = (await other.lock('d', 'r2').catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ code: 'table-locked' });
      expect(error.message).toContain(`run r1 on ${hostname()} (process ${process.pid}), since 20`);
      const elsewhere = await other.lock('e', 'r2');
      await elsewhere.release();
      await lock.release();
      const next = await other.lock('d', 'r2');
      expect(next.lost.aborted).toBe(false);
      await next.release();
      await other.close();
    });
  });

  it('can be opened by several at once for the first time', async () => {
    const fresh = await open();
    await fresh.close();
    const options =
      fresh.options.kind === 'mysql' ? { ...fresh.options, name: `${fresh.options.name}_new` } : bench.options;
    const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase(options)));
    for (const db of opened) expect(await db.ledger.list()).toEqual([]);
    await Promise.all(opened.map((db) => db.close()));
  });

  it('describes itself', () => {
    const { kind, description } = bench.db;
    expect(name.startsWith({ mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite' }[kind])).toBe(true);
    expect(description).toMatch(/^((MariaDB|MySQL) \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+, database test_|SQLite file \/)/);
  });
});
