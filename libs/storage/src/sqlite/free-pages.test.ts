import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SqliteConfig } from '@tracebloc/ingestor-core';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { columns, record, stageAll } from '../test-support/records.test-support.js';
import { withDatabase } from '../test-support/databases.test-support.js';
import type { Database } from '../database/types.js';

const OWN = columns({ n: 'TEXT' });
const MEBIBYTE = 1 << 20;

let folder: string;
let options: SqliteConfig;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
  options = { kind: 'sqlite', file: join(folder, 'd.sqlite') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const size = () => statSync(options.file).size;
/** Stages some 5 MiB. */
const stage = (db: Database, runId: string) =>
  stageAll(
    db,
    runId,
    'd',
    OWN,
    Array.from({ length: 1000 }, () => record(['x'.repeat(5000)])),
  );
const publish = async (db: Database, runId: string) => db.publish((await stage(db, runId)).run);

it.each<[string, (db: Database) => Promise<void>]>([
  ['a dataset that is deleted', (db) => db.drop('d')],
  ['a run that is dropped', (db) => db.dropStaging('r2')],
  ['what a run has left', (db) => db.dropLeftovers('r2')],
])('the space of %s is returned to the volume', async (_, remove) => {
  await withDatabase(options, async (db) => {
    await publish(db, 'r1');
    await stage(db, 'r2');
  });
  const before = size();
  await withDatabase(options, remove);
  expect(before - size()).toBeGreaterThan(4 * MEBIBYTE);
});

it('the space of a replaced dataset is returned, and nothing of the new one is lost', async () => {
  await withDatabase(options, (db) => publish(db, 'r1'));
  const one = size();
  await withDatabase(options, (db) => publish(db, 'r2'));
  expect(size() - one).toBeLessThan(MEBIBYTE);
  const database = new DatabaseSync(options.file);
  expect(database.prepare('SELECT COUNT(*) AS n, SUM(LENGTH(n)) AS text FROM d').get()).toEqual({
    ...{ n: 1000, text: 5_000_000 },
  });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
});

it('space that is not returned counts as free, also in a file of an earlier version', async () => {
  const earlier = new DatabaseSync(options.file);
  earlier.exec('PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL; CREATE TABLE other (x)');
  earlier.close();
  await withDatabase(options, async (db) => {
    await publish(db, 'r1');
    await db.drop('d');
  });
  const before = size();
  await withDatabase(options, async (db) => {
    expect(await db.freeBytes()).toBeGreaterThan(4 * MEBIBYTE);
    await publish(db, 'r2');
  });
  expect(size()).toBe(before);
});

it('returning space does not wait for another process', async () => {
  const db = await openDatabase(options);
  await publish(db, 'r1');
  await db.drop('d');
  const other = new DatabaseSync(options.file);
  other.exec('BEGIN IMMEDIATE');
  const started = performance.now();
  await db.close();
  expect(performance.now() - started).toBeLessThan(15_000);
  other.close();
});
