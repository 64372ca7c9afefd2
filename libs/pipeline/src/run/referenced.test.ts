import { existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { deleteDataset } from '../delete-dataset.js';
import { ingest } from './ingest.js';
import { newDatabase, Place, rowsOf, withFiles } from './ingest.test-support.js';
import { silentObserver, type RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';
import { verifyDataset } from '../verify/verify-dataset.js';

let place: Place;
let database: RunConfig['database'];
const overwrite = true;
const inFolder = () => readdirSync(join(place.folder, 'numbers')).sort();

beforeEach(async () => {
  place = await Place.make();
  await place.writeTexts('even', 'odd');
  await place.write(rowsOf(25));
  database = place.config().database;
});
afterEach(() => place.remove());

function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config();
  const source = { ...base.source, sidecars: { texts: join(place.folder, 'source') } };
  return { ...base, task: withFiles, source, database, ...changes };
}

async function look<T>(act: (stores: Stores) => Promise<T>): Promise<T> {
  const opened = await openDatabase(database);
  try {
    return await act({ database: opened, folders: new DatasetFolders(place.folder, opened) });
  } finally {
    await opened.close();
  }
}

/** Calls `act` when the run is about to publish. */
const publishing = (act: () => void): RunObserver => ({
  ...silentObserver,
  debug: (message) => message.startsWith('Publishing') && act(),
});

const remove = () => look((stores) => deleteDataset(stores, 'numbers'));
const verify = () =>
  look((stores) => verifyDataset(stores, 'numbers', () => withFiles.layout, new AbortController().signal));

describe('in the embedded database', () => {
  function sql<Row>(...statements: string[]): Row[] {
    const other = new DatabaseSync(join(place.folder, 'db.sqlite'), { enableForeignKeyConstraints: false });
    try {
      const last = statements.pop()!;
      for (const statement of statements) other.exec(statement);
      return other.prepare(last).all() as Row[];
    } finally {
      other.close();
    }
  }

  it.each([
    ['view', 'CREATE VIEW v AS SELECT n FROM numbers'],
    ['trigger', 'CREATE TRIGGER t AFTER INSERT ON own BEGIN DELETE FROM own WHERE id IN (SELECT n FROM numbers); END'],
    ['foreign key', 'CREATE TABLE child (n TEXT REFERENCES numbers (data_id))'],
  ])('a %s of another program blocks neither the replacement of a dataset nor other datasets', async (_, made) => {
    await ingest(config());
    sql('CREATE TABLE own (id INTEGER)', 'INSERT INTO own VALUES (1)', made, 'SELECT 1');
    if (made.includes('child')) {
      sql('INSERT INTO child SELECT data_id FROM numbers', 'SELECT 1');
    }
    await place.write(rowsOf(30));
    expect(await ingest(config(), { overwrite })).toMatchObject({ outcome: 'ingested', inserted: 30 });
    if (made.includes('VIEW')) expect(sql('SELECT COUNT(*) AS n FROM v')).toMatchObject([{ n: 30 }]);

    // The table's own trigger works under the new name too.
    sql("UPDATE numbers SET label = 'x', updated_at = '2000-01-01' WHERE id = 1", 'SELECT 1');
    expect(sql("SELECT id FROM numbers WHERE updated_at < '2001'")).toEqual([]);

    await remove();
    expect(await ingest(config({ table: 'other' }))).toMatchObject({ outcome: 'ingested' });
    expect(await ingest(config({ table: 'other', batchSize: 9 }), { overwrite, restart: true })).toMatchObject({
      outcome: 'ingested',
    });
    expect(await ingest(config())).toMatchObject({ outcome: 'ingested' });
    if (made.includes('VIEW')) expect(sql('SELECT COUNT(*) AS n FROM v')).toMatchObject([{ n: 30 }]);
  });

  it.each([
    ['view', 'CREATE VIEW numbers AS SELECT * FROM other'],
    ['index', 'CREATE INDEX numbers ON other (n)'],
  ])('a table whose name is taken (%s) is refused before anything is staged', async (what, made) => {
    await ingest(place.config({ table: 'other' }));
    sql(made, 'SELECT 1');
    await expect(ingest(config(), { overwrite })).rejects.toMatchObject({
      ...{ code: 'table-name-refused', message: expect.stringContaining(what) },
    });
    expect(await look(({ database: db }) => db.ledger.current('numbers'))).toBeUndefined();
  });

  it('a run whose name is taken while it stages is not published, and its files are not moved', async () => {
    const index = 'CREATE INDEX numbers ON other (n)';
    await ingest(place.config({ table: 'other' }));
    const observer = publishing(() => sql(index, 'SELECT 1'));
    await expect(ingest(config(), { observer })).rejects.toMatchObject({ code: 'table-name-refused' });
    expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
    expect(await look(({ database: db }) => db.ledger.current('numbers'))).toMatchObject({ state: 'staged' });
    sql('DROP INDEX numbers', 'SELECT 1');
    expect(await ingest(config())).toMatchObject({ outcome: 'resumed' });
  });

  it('restart drops a run that cannot be published, once the new one may begin', async () => {
    await ingest(config());
    await place.write(rowsOf(30));
    const staging = join(place.folder, '.ingestor', 'staging');
    const observer = publishing(() => {
      const folder = join(staging, readdirSync(staging)[0]!);
      rmSync(folder, { recursive: true });
      symlinkSync(place.folder, folder);
    });
    const refused = { code: 'storage-link' };
    await expect(ingest(config(), { overwrite, observer })).rejects.toMatchObject(refused);
    await expect(ingest(config(), { overwrite })).rejects.toMatchObject(refused);
    await expect(ingest(config(), { restart: true })).rejects.toMatchObject({ code: 'dataset-exists' });
    expect(await look(({ database: db }) => db.ledger.current('numbers'))).toMatchObject({ state: 'publishing' });

    expect(await ingest(config(), { overwrite, restart: true })).toMatchObject({ outcome: 'ingested', inserted: 30 });
    expect(await verify()).toMatchObject({ whole: true, files: 2 });
    expect(readdirSync(staging)).toEqual([]);
  });
});

describe('a deletion', () => {
  let setAside: string;
  beforeEach(async () => {
    await ingest(config());
    const { runId } = (await look(({ database: db }) => db.ledger.current('numbers')))!;
    setAside = join(place.folder, '.ingestor', `retired-${runId}`);
    // A deletion that is killed before it removes the rows leaves this.
    renameSync(join(place.folder, 'numbers'), setAside);
  });

  it.each([
    ['the same ingest', () => ingest(config()), 25],
    ['an ingest that replaces the dataset', () => ingest(config({ batchSize: 7 }), { overwrite, restart: true }), 25],
  ])('that was killed before it removed the rows is reverted by %s', async (_, act) => {
    await act();
    expect(existsSync(setAside)).toBe(false);
    expect(inFolder()).toEqual(['even.txt', 'odd.txt']);
    expect(await verify()).toMatchObject({ whole: true, files: 2 });
  });

  it('that was killed is finished by a repetition, or by the next dataset', async () => {
    await remove();
    expect(existsSync(setAside)).toBe(false);
    await expect(remove()).rejects.toMatchObject({ code: 'unknown-dataset' });

    // The rows are removed, and the catalog still has the dataset.
    const deleteByHalves = () =>
      look(async ({ database: db, folders }) => {
        await folders.setAside('numbers');
        const killed = () => Promise.reject(new Error('killed'));
        await expect(db.drop('numbers', killed)).rejects.toThrow('killed');
      });
    await ingest(config());
    await deleteByHalves();
    await remove();
    await ingest(config());
    await deleteByHalves();
    expect(await ingest(place.config())).toMatchObject({ outcome: 'ingested' });
    expect(readdirSync(join(place.folder, '.ingestor')).filter((name) => name.startsWith('retired'))).toEqual([]);
    expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
  });
});

describe('on a server', () => {
  let server: MariaDb;
  let name: string;

  beforeAll(async () => {
    server = await shareMariaDb();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const created = await newDatabase(server);
    ({ name } = created);
    database = created;
    await ingest(config());
  });

  const references = async () => {
    await server.sql(`CREATE TABLE ${name}.child (n VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
      CONSTRAINT child_numbers FOREIGN KEY (n) REFERENCES ${name}.numbers (data_id))`);
  };

  it('a foreign key of another table is reported before a dataset is replaced or deleted', async () => {
    await references();
    await place.write(rowsOf(30));
    const message = expect.stringContaining(`${name}.child`);
    const fix = expect.arrayContaining([expect.stringContaining('DROP FOREIGN KEY child_numbers')]);
    const refused = { code: 'table-referenced', message, fix };
    await expect(ingest(config(), { overwrite })).rejects.toMatchObject(refused);
    await expect(remove()).rejects.toMatchObject(refused);
    expect(inFolder()).toEqual(['even.txt', 'odd.txt']);
    expect(await look(({ database: db }) => db.ledger.current('numbers'))).toMatchObject({ state: 'registered' });
    expect(await verify()).toMatchObject({ whole: true, files: 2, records: 25 });

    await server.sql(`ALTER TABLE ${name}.child DROP FOREIGN KEY child_numbers`);
    expect(await ingest(config(), { overwrite })).toMatchObject({ outcome: 'ingested', inserted: 30 });
    await remove();
  });

  it('a foreign key that waits for the table is reported when rows are published, and the same command finishes', async () => {
    await remove();
    const child = `CREATE TABLE child (n INT, CONSTRAINT child_numbers FOREIGN KEY (n) REFERENCES numbers (data_id))`;
    await server.sql(`USE ${name}`);
    await server.sql('SET foreign_key_checks = 0');
    await server.sql(child);
    await server.sql('SET foreign_key_checks = 1');
    await expect(ingest(config())).rejects.toMatchObject({ code: 'table-referenced' });
    await server.sql('DROP TABLE child');
    expect(await ingest(config())).toMatchObject({ outcome: 'resumed' });
    expect(await verify()).toMatchObject({ whole: true, files: 2, records: 25 });
  });

  describe('whose user may not see or drop everything', () => {
    let user: string;
    beforeEach(async () => {
      user = `few_${name}`.slice(0, 32);
      await server.sql(`CREATE USER '${user}'@'%' IDENTIFIED BY 'Few-1234'`);
      await server.sql(`GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON ${name}.* TO '${user}'@'%'`);
      database = { ...database, user, password: new Secret('Few-1234') } as RunConfig['database'];
    });

    it('a deletion that is refused leaves rows and files, and is repeated', async () => {
      await server.sql(`REVOKE DROP ON ${name}.* FROM '${user}'@'%'`);
      await expect(remove()).rejects.toMatchObject({ code: 'database-not-permitted' });
      expect(inFolder()).toEqual(['even.txt', 'odd.txt']);
      expect(await verify()).toMatchObject({ whole: true, files: 2 });
      await server.sql(`GRANT DROP ON ${name}.* TO '${user}'@'%'`);
      await remove();
      expect(existsSync(join(place.folder, 'numbers'))).toBe(false);
    });

    it('a foreign key of a table that the user may not see is reported, and rows and files stay', async () => {
      const other = await server.createDatabase();
      await server.sql(`CREATE TABLE ${other}.child (n VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
        CONSTRAINT child_numbers FOREIGN KEY (n) REFERENCES ${name}.numbers (data_id))`);
      await expect(remove()).rejects.toMatchObject({ code: 'table-referenced' });
      expect(await verify()).toMatchObject({ whole: true, files: 2 });
      await place.write(rowsOf(30));
      await expect(ingest(config(), { overwrite })).rejects.toMatchObject({ code: 'table-referenced' });
      await server.sql(`DROP TABLE ${other}.child`);
      expect(await ingest(config(), { overwrite })).toMatchObject({ outcome: 'resumed' });
      expect(await verify()).toMatchObject({ whole: true, records: 30 });
    });
  });
});
