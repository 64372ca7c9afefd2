import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostname } from 'node:os';
import { LabelTally } from '../ledger/label-tally.js';
import { openDatabase } from './open.js';
import { kinds, type Bench } from '../test-support/databases.test-support.js';
import { batch, columns, newRun, record, stageAll, write } from '../test-support/records.test-support.js';

const OWN = columns({ n: 'INT', t: 'VARCHAR(20)' });
const rows = (...cells: [string | null, string | null][]) => cells.map((values) => record(values));

describe.each(kinds())('$name', ({ name, open }) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await open();
  });
  afterEach(() => bench.close());

  const contents = (table: string) => bench.look(`SELECT id, label, data_id, n, t FROM ${table} ORDER BY id`);

  describe('rows', () => {
    it('are sent by the method of the database', async () => {
      const { staging } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      expect(name.endsWith(staging.method)).toBe(true);
    });

    it('are stored with the run’s fixed columns', async () => {
      const one = record(['7', 'x'], { label: '007', filename: 'img', extension: '.png', annotation: '{"a":1}' });
      await bench.db.publish((await stageAll(bench.db, 'r1', 'd', OWN, [one])).run);
      expect(await bench.look('SELECT * FROM d')).toMatchObject([
        {
          ...{ id: 1, status: 0, label: '007', data_intent: 'train', data_id: 'r1-0', filename: 'img' },
          ...{ extension: '.png', annotation: '{"a":1}', ingestor_id: 'r1', n: 7, t: 'x' },
        },
      ]);
      const [{ fresh }] = (await bench.look(
        'SELECT created_at = updated_at AND created_at IS NOT NULL AS fresh FROM d',
      )) as [{ fresh: number }];
      expect(fresh).toBe(1);
    });

    it('keep nulls, empty texts and digits as they are written', async () => {
      await stageAll(bench.db, 'r1', 'd', OWN, rows([null, null], ['-5', ''], ['0', '007'], ['1', 'NULL']));
      expect((await contents('_ingestor_stage_r1')).map(({ n, t }) => [n, t])).toEqual([
        [null, null],
        [-5, ''],
        [0, '007'],
        [1, 'NULL'],
      ]);
    });

    it('can be any number', async () => {
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

    it('of another width than the table throw a TypeError and store nothing', async () => {
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
      // The connection can be used afterwards.
      await write(await bench.db.stage(run, { table: 'd', columns: OWN }), { ...second, dataIds: ['p', 'q'] });
      expect(await contents('_ingestor_stage_first')).toHaveLength(3);
    });

    it('that follow a batch which failed are refused too, so that what is committed has no gap', async () => {
      const { run, staging } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      const failing = write(staging, { ...batch(1, rows(['2', 'y'])), dataIds: ['r1-0'] });
      const waiting = write(staging, batch(2, rows(['3', 'z'])));
      await expect(failing).rejects.toMatchObject({ code: 'duplicate-data-id' });
      await expect(waiting).rejects.toMatchObject({ code: 'duplicate-data-id' });
      // The same happens after the failure has been reported.
      await expect(write(staging, batch(2, rows(['3', 'z'])))).rejects.toMatchObject({ code: 'duplicate-data-id' });
      expect(await contents('_ingestor_stage_r1')).toHaveLength(1);
      expect(await bench.db.stage(run, { table: 'd', columns: OWN })).toMatchObject({ committed: 1 });
    });
  });

  describe('an interrupted run', () => {
    it('continues after the last committed batch', async () => {
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

    it('begins at 0 if its staging table was removed', async () => {
      const { run } = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.look('DROP TABLE _ingestor_stage_r1');
      const reopened = await bench.db.stage(run, { table: 'd', columns: OWN });
      expect(reopened.committed).toBe(0);
      await write(reopened, batch(0, rows(['1', 'x']), 'r1'));
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(1);
    });

    it('leaves tables and rows of the ledger, which are listed and removed run by run', async () => {
      await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'x']));
      await bench.look('CREATE TABLE _ingestor_old_r2 (id INT)');
      await bench.db.ledger.markCall('r2', 'prepare');
      const first = { runId: 'r1', tables: ['_ingestor_stage_r1'], ledgerRows: 1 };
      const second = { runId: 'r2', tables: ['_ingestor_old_r2'], ledgerRows: 1 };
      const leftovers = async () => (await bench.db.runLeftovers()).sort((a, b) => a.runId.localeCompare(b.runId));
      expect(await leftovers()).toEqual([first, second]);
      await bench.db.dropLeftovers('r2');
      expect(await leftovers()).toEqual([first]);
      await bench.db.dropLeftovers('r1');
      expect(await leftovers()).toEqual([]);
      expect((await bench.db.ledger.get('r1'))?.staged).toBe(1);
    });

    it('leaves no staging table after it is dropped', async () => {
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

    it('replaces an existing table, and may be repeated', async () => {
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

    it('does not mistake another run’s table for its own', async () => {
      const first = await stageAll(bench.db, 'r1', 'd', OWN, rows(['1', 'old']));
      await bench.db.publish(first.run);
      const lost = await bench.db.ledger.begin(newRun('r2', 'd'));
      await expect(bench.db.publish(lost)).rejects.toMatchObject({ code: 'staging-missing' });
      expect((await bench.db.ledger.get('r1'))?.state).toBe('published');
    });
  });

  describe('reading', () => {
    it('counts the distinct values of a column', async () => {
      const records = ['a', 'A', 'a', null, 'b'].map((text) => record(['1', text]));
      const { run } = await stageAll(bench.db, 'r1', 'd', OWN, records);
      await bench.db.publish(run);
      expect(await bench.db.countDistinct('d', OWN[1]!.name)).toBe(3);
    });

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

    it('returns every type in the schema’s spelling, and a TIMESTAMP as the DATETIME that it is', async () => {
      const types = ['VARCHAR(3)', 'CHAR(3)', 'TEXT', 'TINYINT', 'TINYINT UNSIGNED', 'SMALLINT', 'MEDIUMINT', 'INT'];
      types.push('BIGINT', 'BIGINT UNSIGNED', 'FLOAT', 'DOUBLE', 'DOUBLE UNSIGNED', 'DECIMAL(10,2)', 'BOOLEAN');
      types.push('DECIMAL(30,4)', 'DECIMAL(30,4) UNSIGNED', 'DATE', 'DATETIME', 'DATETIME(3)', 'TIMESTAMP', 'TIME(6)');
      const own = columns(Object.fromEntries(types.map((sql, i) => [`c${i}`, sql])));
      const { run } = await stageAll(bench.db, 'r1', 'd', own, []);
      await bench.db.publish({ ...run });
      expect((await bench.db.columnsOf('d'))!.map(({ sql }) => sql)).toEqual(
        types.map((sql) => (sql === 'TIMESTAMP' ? 'DATETIME' : sql)),
      );
    });
  });

  describe('lock', () => {
    it('is held once per table, and the error names its holder', async () => {
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

  it('describes itself', () => {
    const { kind, description } = bench.db;
    expect(name.startsWith({ mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'SQLite' }[kind])).toBe(true);
    expect(description).toMatch(/^((MariaDB|MySQL) \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+, database test_|SQLite file \/)/);
  });
});
