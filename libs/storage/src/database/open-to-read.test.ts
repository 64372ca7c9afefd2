import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DatabaseConfig, Secret, type SqliteConfig } from '@tracebloc/ingestor-core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, openToRead } from './open.js';
import { useServer, withDatabase } from '../test-support/databases.test-support.js';
import { crash, otherProcess } from '../test-support/other-process.test-support.js';
import { columns, record, stageAll } from '../test-support/records.test-support.js';
import type { Database } from './types.js';
import type { CatalogEntry } from '../ledger/types.js';

const OWN = columns({ n: 'TEXT' });
const ENTRY: CatalogEntry = {
  ...{ table: 'd', title: 'D', task: 't', intent: 'train', dataFormat: 'tabular', runId: 'r1', records: 1 },
  ...{ schema: {}, metadata: {}, registeredWith: '', createdAt: new Date() },
};

async function fill(db: Database): Promise<void> {
  await db.publish((await stageAll(db, 'r1', 'd', OWN, [record(['1'])])).run);
  await db.catalog.put(ENTRY);
}

/** Makes all calls of the commands that only read. */
async function readAll(options: DatabaseConfig) {
  const db = await openToRead(options);
  try {
    return {
      entries: (await db.catalog.list()).map(({ table }) => table),
      runs: (await db.ledger.list()).map(({ runId }) => runId),
      run: (await db.ledger.get('r1'))?.state,
      shards: await db.ledger.shards('r1'),
      calls: await db.ledger.calls('r1'),
      traces: (await db.runLeftovers()).length,
      count: (await db.columnsOf('d')) && (await db.count('d')),
      labels: (await db.columnsOf('d')) && (await db.labelCounts('d')),
      checksums: (await db.columnsOf('d')) && (await db.readChecksums('d', OWN)).records,
    };
  } finally {
    await db.close();
  }
}

const FULL = {
  entries: ['d'],
  runs: ['r1'],
  run: 'published',
  count: 1,
  labels: { labels: [{ label: 'a', records: 1 }], distinct: 1 },
  checksums: 1,
};
const EMPTY = { entries: [], runs: [], run: undefined, traces: 0, count: undefined };

describe('SQLite', () => {
  let folder: string;
  let options: SqliteConfig;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
    options = { kind: 'sqlite', file: join(folder, 'data', 'd.sqlite') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const content = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ]);

  it('is read without any change, and no file stays behind', async () => {
    await withDatabase(options, fill);
    const before = content();
    expect(await readAll(options)).toMatchObject(FULL);
    expect(content()).toEqual(before);
    const db = await openToRead(options);
    await expect(db.ledger.setState('r1', 'dropped')).rejects.toMatchObject({ code: 'storage-not-writable' });
    await db.close();
    expect(content()).toEqual(before);
  });

  it('is read while another process writes', async () => {
    await withDatabase(options, fill);
    const other = new DatabaseSync(options.file);
    other.exec(`BEGIN IMMEDIATE; DELETE FROM d`);
    expect(await readAll(options)).toMatchObject(FULL);
    other.close();
  });

  it('reads as empty if it is missing or has no ledger, and is not created', async () => {
    expect(await readAll(options)).toMatchObject(EMPTY);
    expect(readdirSync(folder)).toEqual([]);
    mkdirSync(join(folder, 'data'));
    new DatabaseSync(options.file).close();
    expect(await readAll(options)).toMatchObject(EMPTY);
    const db = await openToRead(options);
    expect(db.description).toBe(`SQLite file ${options.file}`);
    await db.close();
  });

  it('of an earlier version is updated', async () => {
    await withDatabase(options, fill);
    const database = new DatabaseSync(options.file);
    database.exec('ALTER TABLE _ingestor_runs DROP COLUMN verified; DROP TABLE _ingestor_shards');
    database.close();
    expect(await readAll(options)).toMatchObject(FULL);
  });

  const itMounted = isMountingPermitted() ? it : it.skip;

  itMounted(
    'on a read-only volume can be read, also after a process was killed; otherwise the reason is reported',
    async () => {
      const volume = join(folder, 'data');
      mkdirSync(volume);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', volume]);
      const remount = (mode: string) => execFileSync('mount', ['-o', `remount,${mode}`, volume]);
      try {
        remount('ro');
        expect(await readAll(options)).toMatchObject(EMPTY);
        remount('rw');
        await withDatabase(options, fill);
        remount('ro');
        expect(await readAll(options)).toMatchObject(FULL);
        await expect(openDatabase(options)).rejects.toMatchObject({ code: 'storage-not-writable' });

        remount('rw');
        await crash(await otherProcess(options, `await db.catalog.put(${JSON.stringify({ ...ENTRY, table: 'e' })});`));
        expect(readdirSync(volume)).toContain('d.sqlite-wal');
        remount('ro');
        expect(await readAll(options)).toMatchObject({ entries: ['d', 'e'] });
        remount('rw');
        rmSync(`${options.file}-shm`);
        remount('ro');
        await expect(readAll(options)).rejects.toMatchObject({ code: 'storage-not-readable' });

        remount('rw');
        const database = new DatabaseSync(options.file);
        database.exec('ALTER TABLE _ingestor_runs DROP COLUMN verified');
        database.close();
        remount('ro');
        await expect(readAll(options)).rejects.toMatchObject({ code: 'ledger-outdated', exitCode: 1 });
      } finally {
        // The folder can then be removed, also after a failure.
        execFileSync('umount', ['-l', volume]);
      }
    },
  );
});

describe('a server', () => {
  const place = useServer({ separate: true });

  /** Logs in as a user who may only read. */
  async function reader(): Promise<DatabaseConfig> {
    const { server, options } = place;
    await server.sql(`CREATE USER IF NOT EXISTS reader@'%' IDENTIFIED BY 'Reader-1'`);
    await server.sql(`GRANT SELECT ON ${options.name}.* TO reader@'%'`);
    return { ...options, user: 'reader', password: new Secret('Reader-1') };
  }

  it('can be read by a user without the right to write, and when it is read-only', async () => {
    const { server, options } = place;
    const theirs = await reader();
    expect(await readAll(theirs)).toMatchObject(EMPTY);
    await withDatabase(options, fill);
    await server.sql('SET GLOBAL read_only = 1');
    try {
      expect(await readAll(theirs)).toMatchObject(FULL);
    } finally {
      await server.sql('SET GLOBAL read_only = 0');
    }
    await server.sql(`ALTER TABLE ${options.name}._ingestor_runs DROP COLUMN verified`);
    await expect(readAll(theirs)).rejects.toMatchObject({ code: 'ledger-outdated' });
    expect(await readAll(options)).toMatchObject(FULL);
  });

  it('without the database reads as empty, and the database is not created', async () => {
    const options = { ...place.options, name: 'nowhere' };
    expect(await readAll(options)).toMatchObject(EMPTY);
    expect(await place.server.sql(`SHOW DATABASES LIKE 'nowhere'`)).toEqual([]);
  });
});

function isMountingPermitted(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    console.warn('Not tested: this machine does not let the test mount a volume, which takes root.');
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
