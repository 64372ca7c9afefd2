import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../database/open.js';
import { batch, columns, newRun, record, stageAll, write } from '../test-support/records.test-support.js';
import type { Database, Staging } from '../database/types.js';
import type { CatalogEntry, RunRow } from '../ledger/types.js';

const OWN = columns({ n: 'INT' });
const ENTRY: CatalogEntry = {
  ...{ table: 'd', title: 'D', task: 't', intent: 'train', dataFormat: 'tabular', runId: 'r1', records: 1 },
  ...{ schema: {}, metadata: {}, registeredWith: '', createdAt: new Date() },
};

let folder: string;
let file: string;
let stop: AbortController;
let db: Database;
let run: RunRow;
let staging: Staging;
let other: DatabaseSync;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-storage-'));
  file = join(folder, 'd.sqlite');
  stop = new AbortController();
  db = await openDatabase({ kind: 'sqlite', file }, stop.signal);
  ({ run, staging } = await stageAll(db, 'r1', 'd', OWN, [record(['1'])]));
  other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
});
afterEach(async () => {
  other.close();
  await db.close();
  rmSync(folder, { recursive: true });
});

/** All statements that write. */
const STATEMENTS: Record<string, () => Promise<unknown>> = {
  'a batch': () => write(staging, batch(1, [record(['2'])], 'r1')),
  'a run’s beginning': () => db.ledger.begin(newRun('r2', 'd')),
  'a run’s state': () => db.ledger.setState('r1', 'staged'),
  'an entry of the catalog': () => db.catalog.put(ENTRY),
  'a staging table’s creation': async () => db.stage({ ...run, runId: 'r3' }, { table: 'd', columns: OWN }),
  'a staging table’s end': () => db.dropStaging('r1'),
  'the removal of a run’s leftovers': () => db.dropLeftovers('r1'),
  publishing: () => db.publish(run),
  'a deletion': () => db.drop('d'),
  'the file’s opening and the holder of a lock': async () => {
    const again = await openDatabase({ kind: 'sqlite', file }, stop.signal);
    try {
      await (await again.lock('d', 'r1')).release();
    } finally {
      await again.close();
    }
  },
  'the holder of a lock': () => db.lock('e', 'r2'),
};

describe.each(Object.entries(STATEMENTS))('while another process has locked the file, %s', (_, statement) => {
  it('waits until the file is free, and does not block this process', async () => {
    const waiting = statement();
    let isDone = false;
    const done = waiting.finally(() => (isDone = true));
    await sleep(50);
    expect(isDone).toBe(false);
    other.exec('ROLLBACK');
    const result = (await done) as { release?: () => Promise<void> } | undefined;
    await result?.release?.();
  });
});

it('while another process has locked the file, every statement ends soon after the signal aborts', async () => {
  const started = performance.now();
  const waiting = Object.entries(STATEMENTS).map(async ([name, statement]) => {
    const outcome: unknown = await statement().catch((error: unknown) => error);
    const { code, exitCode } = (outcome ?? {}) as { code?: string; exitCode?: number };
    return { name, code, exitCode };
  });
  stop.abort();
  const names = Object.keys(STATEMENTS);
  expect(await Promise.all(waiting)).toEqual(names.map((name) => ({ name, code: 'interrupted', exitCode: 130 })));
  expect(performance.now() - started).toBeLessThan(15_000);
});
