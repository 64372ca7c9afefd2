import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SqliteConfig } from '@tracebloc/ingestor-core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { crash, otherProcess } from '../test-support/other-process.test-support.js';
import { columns, record, stageAll } from '../test-support/records.test-support.js';
import { takeLock } from './table-lock.js';

const OWN = columns({ n: 'INT' });
let folder: string;
let options: SqliteConfig;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
  options = { kind: 'sqlite', file: join(folder, 'data', 'datasets.sqlite') };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('opening', () => {
  // Permissions do not restrict root, who runs these tests in CI, so these are paths that nobody can write.
  it.each([
    ['below a file', () => join(folder, 'file', 'datasets.sqlite')],
    ['where no folder can be made', () => '/proc/ingestor/datasets.sqlite'],
    ['on a read-only file system', () => '/sys/datasets.sqlite'],
    ['that is a folder', () => folder],
  ])('reports that a file %s cannot be written', async (_, file) => {
    writeFileSync(join(folder, 'file'), '');
    const error = (await openDatabase({ kind: 'sqlite', file: file() }).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ code: 'storage-not-writable', exitCode: 1 });
    expect(error.message).toContain(file());
  });

  (process.getuid?.() === 0 ? it.skip : it)('says that a folder without permission cannot be written', async () => {
    chmodSync(folder, 0o555);
    await expect(openDatabase(options)).rejects.toMatchObject({ code: 'storage-not-writable' });
    chmodSync(folder, 0o755);
  });

  it('reports that a file is not a database', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'not a database, but long enough to be looked at as one. '.repeat(20));
    await expect(openDatabase({ kind: 'sqlite', file })).rejects.toMatchObject({ code: 'database-unreadable' });
  });

  it('is safe when several processes do it at the same time', async () => {
    const processes = await Promise.all(Array.from({ length: 4 }, () => otherProcess(options, '')));
    await Promise.all(processes.map(crash));
    const db = await openDatabase(options);
    expect(await db.ledger.list()).toEqual([]);
    await db.close();
  });
});

describe('a process that dies', () => {
  it('leaves the batches that it committed', async () => {
    const db = await openDatabase(options);
    const { run } = await stageAll(db, 'r1', 'd', OWN, [record(['1'])]);
    const other = await otherProcess(
      options,
      `const staging = await db.stage(${JSON.stringify(run)}, { table: 'd', columns: ${JSON.stringify(OWN)} });
       const batch = staging.begin(1);
       batch.add(${JSON.stringify({ ...record(['2']), row: 3 })}, 'r1-1');
       await batch.commit();`,
    );
    await crash(other);
    const staging = await db.stage(run, { table: 'd', columns: OWN });
    expect(staging.committed).toBe(2);
    await db.publish(run);
    expect(await db.count('d')).toBe(2);
    await db.close();
  });

  it('loses its lock', async () => {
    const db = await openDatabase(options);
    const other = await otherProcess(options, `await db.lock('d', 'theirs');`);
    const error = (await db.lock('d', 'mine').catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ code: 'table-locked' });
    expect(error.message).toContain(`(process ${other.pid!})`);
    await crash(other);
    const lock = await db.lock('d', 'mine');
    await lock.release();
    await db.close();
  });
});

describe('takeLock', () => {
  it('takes the lock only once, also in one process', async () => {
    const file = join(folder, 'd.lock');
    const first = takeLock(file)!;
    expect(takeLock(file)).toBeUndefined();
    expect(takeLock(file)).toBeUndefined();
    await first.release();
    const second = takeLock(file)!;
    expect(takeLock(file)).toBeUndefined();
    await second.release();
  });

  it('excludes other processes', async () => {
    const file = join(folder, 'd.lock');
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const script = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { takeLock } from ${JSON.stringify(new URL('../../dist/sqlite/table-lock.js', import.meta.url).href)};
      for (let i = 0; i < 200; ) {
        const lock = takeLock(${JSON.stringify(file)});
        if (!lock) continue;
        // Without exclusion another process's count would be lost.
        const count = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
        writeFileSync(${JSON.stringify(counter)}, String(count + 1));
        await lock.release();
        i++;
      }`;
    const children = Array.from({ length: 2 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('400');
  });
});

it('readers of another connection see a table replaced in one step', async () => {
  const db = await openDatabase(options);
  await db.publish((await stageAll(db, 'r1', 'd', OWN, [record(['1'])])).run);
  const reader = new DatabaseSync(options.file);
  reader.exec('BEGIN');
  expect(reader.prepare('SELECT n FROM d').all()).toHaveLength(1);
  await db.publish((await stageAll(db, 'r2', 'd', OWN, [record(['2']), record(['3'])])).run);
  // Inside its transaction the reader still sees the first table.
  expect(reader.prepare('SELECT n FROM d').all()).toHaveLength(1);
  reader.exec('COMMIT');
  expect(reader.prepare('SELECT n FROM d').all()).toHaveLength(2);
  reader.close();
  await db.close();
});
