import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqliteConfig } from '@tracebloc/ingestor-core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { otherProcess, crash } from '../test-support/other-process.test-support.js';
import { batch, columns, record, stageAll, write } from '../test-support/records.test-support.js';
import type { Database } from '../database/types.js';
import { DatasetFolders } from '../volume/dataset-folders.js';

const OWN = columns({ n: 'INT' });

let folder: string;
let options: SqliteConfig;
let db: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
  options = { kind: 'sqlite', file: join(folder, 'd.sqlite') };
  db = await openDatabase(options);
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const lockFiles = () => readdirSync(folder).filter((name) => name.endsWith('.lock'));
const aborted = (signal: AbortSignal) =>
  new Promise((resolve) => (signal.aborted ? resolve(true) : signal.addEventListener('abort', () => resolve(true))));

describe('the file that is open', () => {
  it('is the file at its path while other files are created and removed', async () => {
    const other = await otherProcess(options, `await db.close();`);
    await db.confirmPresent();
    await stageAll(db, 'r1', 'd', OWN, [record(['1'])]);
    await crash(other);
    await db.confirmPresent();
  });

  it.each(['d.sqlite', 'd.sqlite-wal', 'd.sqlite-shm'])(
    'is reported as lost when %s is removed or replaced',
    async (name) => {
      const path = join(folder, name);
      renameSync(path, `${path}.aside`);
      await expect(db.confirmPresent()).rejects.toMatchObject({ code: 'storage-lost', exitCode: 1 });
      writeFileSync(path, '');
      await expect(db.confirmPresent()).rejects.toMatchObject({ code: 'storage-lost' });
      renameSync(`${path}.aside`, path);
      await db.confirmPresent();
    },
  );

  it('is reported as lost when its volume was replaced', async () => {
    const folders = new DatasetFolders(folder, db);
    await folders.confirmPresent();
    renameSync(folder, `${folder}.aside`);
    await expect(db.confirmPresent()).rejects.toMatchObject({ code: 'storage-lost' });
    await expect(folders.confirmPresent()).rejects.toMatchObject({ code: 'storage-lost', exitCode: 1 });
    renameSync(`${folder}.aside`, folder);
    await folders.confirmPresent();
  });

  it('is reported as lost only if it existed before', async () => {
    const folders = new DatasetFolders(join(folder, 'later'), db);
    await folders.confirmPresent();
  });
});

describe('a lock', () => {
  it('leaves no file behind', async () => {
    const lock = await db.lock('d', 'r1');
    expect(lockFiles()).toHaveLength(1);
    await db.confirmPresent();
    await lock.release();
    expect(lockFiles()).toEqual([]);
  });

  it('is lost when its file is removed: no batch is committed, and another process may take it', async () => {
    const { run, staging } = await stageAll(db, 'r1', 'd', OWN, [record(['1'])]);
    const lock = await db.lock('d', 'r1');
    rmSync(join(folder, lockFiles()[0]!));
    const successor = await openDatabase(options);
    const theirs = await successor.lock('d', 'r1');
    await expect(write(staging, batch(1, [record(['2'])], 'r1'))).rejects.toMatchObject({ code: 'lock-lost' });
    await expect(db.confirmPresent()).rejects.toMatchObject({ code: 'lock-lost' });
    await aborted(lock.lost);
    // The process that lost its lock does not remove the other's file.
    await lock.release();
    expect(lockFiles()).toHaveLength(1);
    const continued = await successor.stage(run, { table: 'd', columns: OWN });
    expect(continued.committed).toBe(1);
    await write(continued, batch(1, [record(['2'])], 'r1'));
    await successor.confirmPresent();
    await theirs.release();
    await successor.close();
  });

  it('is reported as lost after a while without any statement', async () => {
    const lock = await db.lock('d', 'r1');
    rmSync(join(folder, lockFiles()[0]!));
    await aborted(lock.lost);
    expect(lock.lost.reason).toMatchObject({ code: 'lock-lost' });
    await lock.release();
  });

  it('is removed if a killed process or an earlier version left it, but not if it is held', async () => {
    const lock = await db.lock('d', 'r1');
    const held = lockFiles();
    const killed = await otherProcess(options, `await db.lock('e', 'r2');`);
    await crash(killed);
    writeFileSync(join(folder, `d.sqlite.${'a'.repeat(32)}.lock`), '');
    writeFileSync(join(folder, 'd.sqlite.mine.lock'), '');
    expect(lockFiles()).toHaveLength(4);
    await db.removeStaleLocks();
    expect(lockFiles().sort()).toEqual([...held, 'd.sqlite.mine.lock'].sort());
    await lock.release();
    expect(existsSync(join(folder, 'd.sqlite.mine.lock'))).toBe(true);
  });
});
