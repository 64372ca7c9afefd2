import { expect, it } from '@jest/globals';
import { ColumnChecksums } from '../checksums/column-checksums.js';
import { useServer, withDatabase } from '../test-support/databases.test-support.js';
import { batch, columns, newRun, record, write } from '../test-support/records.test-support.js';
import type { Database } from '../database/types.js';
import type { ReadBack } from '../read-back/types.js';
import type { RunRow } from '../ledger/types.js';

const place = useServer();

const OWN = columns({ n: 'INT' });
const STAGED = '_ingestor_stage_r1';
const SIZE = 1500;
const recordsOf = (index: number) => Array.from({ length: SIZE }, (_, i) => record([String(index * SIZE + i)]));

/** Stages the rows of a shard in two batches, which are read back. */
async function stageShard(db: Database, run: RunRow, index: number): Promise<ReadBack> {
  const shard = { runId: 'r1', index, count: 2 };
  const readBack = db.readBack(STAGED, OWN, { signal: new AbortController().signal, least: 1, shard });
  const staging = await db.stage(run, { table: 'd', columns: OWN }, index);
  const first = index * SIZE;
  const records = recordsOf(index);
  readBack.readTo(first, first);
  for (const [from, to] of [
    [0, 40],
    [40, SIZE],
  ] as const) {
    await write(staging, batch(first + from, records.slice(from, to), 'r1'));
    readBack.readTo(first + to);
  }
  return readBack;
}

function sentBy(index: number) {
  const sent = new ColumnChecksums(OWN);
  const { dataIds } = batch(index * SIZE, recordsOf(index), 'r1');
  recordsOf(index).forEach((one, i) => sent.add(index * SIZE + i + 1, one, dataIds[i]!));
  return sent.result;
}

const change = (id: number) => place.server.sql(`UPDATE ${place.options.name}.${STAGED} SET n = -1 WHERE id = ${id}`);

it('each shard reads its own rows, which nobody can change before all are released', async () => {
  await withDatabase(place.options, async (db) => {
    const run = await db.ledger.begin({ ...newRun('r1', 'd'), shards: 2 });
    // The second one is first, so that rows are added before those that it has locked.
    const second = await stageShard(db, run, 1);
    expect(await second.finish(2 * SIZE)).toMatchObject({ checksums: sentBy(1) });
    expect(await db.shardLocks(run)).toEqual({ isTableLocked: false, alive: new Set(), guarding: new Set([1]) });
    const first = await stageShard(db, run, 0);
    expect(await first.finish(SIZE)).toMatchObject({ checksums: sentBy(0) });

    await place.server.sql('SET SESSION innodb_lock_wait_timeout = 1');
    for (const id of [1, SIZE, SIZE + 1, 2 * SIZE]) await expect(change(id)).rejects.toThrow(/Lock wait timeout/);
    await place.server.sql('SET SESSION innodb_lock_wait_timeout = DEFAULT');
    // Neither process does anything for that.
    expect(await db.releaseShards(run)).toEqual(new Set([0, 1]));
    await change(SIZE);
    expect((await db.shardLocks(run)).guarding).toEqual(new Set());
    await Promise.all([first.close(), second.close()]);
  });
});

it('a process that goes on after its rows are released guards them no more', async () => {
  await withDatabase(place.options, async (db) => {
    const run = await db.ledger.begin({ ...newRun('r1', 'd'), shards: 2 });
    const first = await stageShard(db, run, 0);
    expect(await first.finish(SIZE)).toBeDefined();
    const staging = await db.stage(run, { table: 'd', columns: OWN }, 0);
    await db.releaseShards(run);
    await write(staging, batch(SIZE, recordsOf(1).slice(0, 10), 'r1'));
    expect(await first.finish(SIZE + 10)).toBeUndefined();
    expect((await db.shardLocks(run)).guarding).toEqual(new Set());
    await first.close();
  });
});

it('a table can be dropped though a shard guards its rows', async () => {
  await withDatabase(place.options, async (db) => {
    const run = await db.ledger.begin({ ...newRun('r1', 'd'), shards: 2 });
    const first = await stageShard(db, run, 0);
    expect(await first.finish(SIZE)).toBeDefined();
    await db.dropStaging('r1');
    expect(await db.columnsOf(STAGED)).toBeUndefined();
    await first.close();
  });
});

it.each([
  // A page that has a row less ends with one of the next shard's.
  ['is missed', 1400, undefined],
  ['is not counted', 700, { checksums: { records: SIZE - 1 } }],
])('a row of a shard that is gone %s: row %d', async (_how, id, found) => {
  await withDatabase(place.options, async (db) => {
    const run = await db.ledger.begin({ ...newRun('r1', 'd'), shards: 2 });
    for (const index of [0, 1]) await (await stageShard(db, run, index)).close();
    await place.server.sql(`DELETE FROM ${place.options.name}.${STAGED} WHERE id = ${id}`);
    const shard = { runId: 'r1', index: 0, count: 2 };
    const first = db.readBack(STAGED, OWN, { signal: new AbortController().signal, least: 1, shard });
    first.readTo(SIZE, 0);
    const stored = await first.finish(SIZE);
    if (found) expect(stored).toMatchObject(found);
    else expect(stored).toBeUndefined();
    await first.close();
  });
});
