import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serverProduct, startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { openDatabase } from '../database/open.js';
import { mysqlOptions } from '../test-support/databases.test-support.js';
import { columns, newRun, record, stageAll } from '../test-support/records.test-support.js';
import type { Database } from '../database/types.js';
import type { CatalogEntry } from '../ledger/types.js';

const OWN = columns({ n: 'INT' });

const entryOf = (table: string, runId: string): Omit<CatalogEntry, 'createdAt'> => ({
  ...{ table, title: 't', task: 't', intent: 'train', dataFormat: 'tabular', runId, records: 1 },
  ...{ schema: { n: 'INT' }, metadata: {}, registeredWith: 'local' },
});

let server: MariaDb;
let name: string;
let db: Database;

const start = (rule: number) => {
  beforeAll(async () => {
    server = await startMariaDb({ args: [`--lower-case-table-names=${rule}`] });
  });
  afterAll(() => server.stop());
  afterEach(() => db.close());
  beforeEach(async () => {
    name = await server.createDatabase();
    db = await openDatabase(mysqlOptions(server, name));
  });
};

async function publish(table: string, runId: string, value: string): Promise<void> {
  const { run } = await stageAll(db, runId, table, OWN, [record([value])]);
  await db.publish(run);
  await db.catalog.put(entryOf(table, runId));
}

// Rule 2 needs a file system that ignores case. MySQL accepts a rule only when it creates its data folder.
(serverProduct === 'MariaDB' ? describe : describe.skip)('where the server ignores case in names of tables', () => {
  start(1);

  it('a table has one name in any spelling', async () => {
    expect(await db.tableName('Br_Weird')).toBe('br_weird');
    await publish(await db.tableName('Br_Weird'), 'r1', '1');
    for (const written of ['Br_Weird', 'bR_wEIRD', 'br_weird']) {
      expect(await db.tableName(written)).toBe('br_weird');
      expect(await db.ledger.current(written)).toMatchObject({ runId: 'r1', table: 'br_weird' });
      expect(await db.catalog.get(written)).toMatchObject({ runId: 'r1', table: 'br_weird' });
    }
  });

  it('a dataset keeps the name that an earlier version entered, and is found in any case', async () => {
    await publish('Br_Weird', 'r1', '1');
    expect(await db.tableName('bR_wEIRD')).toBe('Br_Weird');
    expect((await db.ledger.latest('br_weird'))?.runId).toBe('r1');
    expect(await db.columnsOf('Br_Weird')).toEqual([{ name: 'n', sql: 'INT' }]);
    await publish(await db.tableName('bR_wEIRD'), 'r2', '2');
    expect((await db.catalog.list()).map(({ table, runId }) => [table, runId])).toEqual([['Br_Weird', 'r2']]);
    expect((await db.ledger.get('r1'))?.state).toBe('superseded');
    await db.drop('BR_WEIRD');
    expect(await db.catalog.list()).toEqual([]);
    expect(await db.columnsOf('br_weird')).toBeUndefined();
  });

  it('if an earlier version made two entries of one table, the newer run’s is its dataset', async () => {
    await publish('Br_Weird', 'r1', '1');
    await publish('bR_wEIRD', 'r2', '2');
    // That version left the first run registered and in the catalog.
    await db.ledger.setState('r1', 'registered');
    await db.ledger.setState('r2', 'registered');
    await server.sql(`USE ${name}`);
    await server.sql(
      `INSERT INTO _ingestor_datasets SELECT 'Br_Weird', title, task, intent, data_format, 'r1', records, schema_json, metadata, registered_with, '2020-01-01' FROM _ingestor_datasets`,
    );
    expect(await db.tableName('Br_Weird')).toBe('bR_wEIRD');
    expect((await db.ledger.current('Br_Weird'))?.runId).toBe('r2');
    expect((await db.catalog.get('Br_Weird'))?.runId).toBe('r2');
    await publish(await db.tableName('br_weird'), 'r3', '3');
    expect((await db.catalog.list()).map(({ runId }) => runId)).toEqual(['r3']);
    expect((await db.ledger.list()).map(({ state }) => state)).toEqual(['superseded', 'superseded', 'published']);
  });

  it('the lock is the same in any case of the table’s and database’s names', async () => {
    const lock = await db.lock('Br_Weird', 'r1');
    const other = await openDatabase(mysqlOptions(server, name.toUpperCase()));
    await expect(other.lock('bR_wEIRD', 'r2')).rejects.toMatchObject({ code: 'table-locked' });
    await lock.release();
    const shard = await db.lockShard('Br_Weird', 'r1', 0);
    await expect(other.lockShard('bR_wEIRD', 'r2', 0)).rejects.toMatchObject({ code: 'shard-locked' });
    await expect(other.lock('br_weird', 'r2')).rejects.toMatchObject({ code: 'table-locked' });
    await shard.release();
    await other.close();
  });
});

describe('where the server distinguishes case', () => {
  start(0);

  it('names that differ in case are two datasets', async () => {
    for (const [i, table] of ['Br_Weird', 'bR_wEIRD'].entries()) {
      expect(await db.tableName(table)).toBe(table);
      await publish(table, `r${i}`, String(i));
    }
    await db.ledger.begin(newRun('r9', 'BR_WEIRD'));
    const lock = await db.lock('Br_Weird', 'x');
    await (await db.lock('bR_wEIRD', 'x')).release();
    await lock.release();
    await db.drop('Br_Weird');
    expect((await db.catalog.list()).map(({ table }) => table)).toEqual(['bR_wEIRD']);
    expect((await db.ledger.list()).map(({ state }) => state)).toEqual(['superseded', 'published', 'staging']);
  });
});
