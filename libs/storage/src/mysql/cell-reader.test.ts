import { expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { ColumnChecksums } from '../checksums/column-checksums.js';
import { useServer, withDatabase } from '../test-support/databases.test-support.js';
import { batch, columns, record, stageAll, write } from '../test-support/records.test-support.js';
import type { Database } from '../database/types.js';
import { RowReadBack } from '../read-back/read-back.js';
import { MysqlGuardedCells } from './cell-reader.js';
import { logIn } from './connection/driver.js';

const place = useServer();

const TEXTS = columns(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, 'TEXT'])));
const WIDE = 40_000;
const narrow = (i: number) => record(TEXTS.map(() => String(i)));

/** Publishes rows, then lets the server fill those with the given ids, which costs this process no memory. */
async function publish(db: Database, rows: number, fromId: number, toId: number): Promise<void> {
  const { run, staging } = await stageAll(db, 'r1', 'd', TEXTS, []);
  await write(
    staging,
    batch(
      0,
      Array.from({ length: rows }, (_, i) => narrow(i)),
    ),
  );
  await db.publish(run);
  const cells = TEXTS.map(({ name }) => `${name} = REPEAT('x', ${WIDE})`);
  await place.server.sql(
    `UPDATE ${place.options.name}.d SET ${cells.join(', ')} WHERE id > ${fromId} AND id <= ${toId}`,
  );
}

it('rows are read by their bytes, so that wide ones need no more memory than narrow ones', async () => {
  await withDatabase(place.options, async (db) => {
    // The rows before the wide ones are narrow, so that their length does not predict that of the wide ones.
    await publish(db, 1130, 1010, 1030);
    const sums = new ColumnChecksums(TEXTS);
    for (const [i, dataId] of batch(
      0,
      Array.from({ length: 1130 }, (_, i) => narrow(i)),
    ).dataIds.entries()) {
      const isWide = i >= 1010 && i < 1030;
      sums.add(i + 1, isWide ? record(TEXTS.map(() => 'x'.repeat(WIDE))) : narrow(i), dataId);
    }
    const seen: number[] = [];
    expect(await db.readChecksums('d', TEXTS, (records) => seen.push(records))).toEqual(sums.result);
    const wideIn = seen.map((records, i) => Math.min(records, 1030) - Math.max(seen[i - 1] ?? 0, 1010));
    // A page has 4 MiB of rows of 400 kB, and the rows that arrived in the same chunk.
    expect(Math.max(...wideIn)).toBeLessThanOrEqual(12);
    // Rows are taken as they arrive, so that the first ones may be few.
    expect(seen[0]).toBeGreaterThanOrEqual(64);
    expect(seen.at(-1)).toBe(1130);
  });
});

it('reading throws when the connection breaks between two pages, and when there is no table', async () => {
  await withDatabase(place.options, async (db) => {
    await publish(db, 80, 0, 80);
    let killed: Promise<unknown> | undefined;
    const reader = `SELECT ID AS id FROM INFORMATION_SCHEMA.PROCESSLIST WHERE DB = '${place.options.name}' AND INFO LIKE 'SELECT id, %'`;
    const reading = db.readChecksums('d', TEXTS, () => {
      killed ??= place.server.sql(reader).then(([row]) => place.server.sql(`KILL ${Number(row!.id)}`));
    });
    await expect(reading).rejects.toMatchObject({ code: 'database-lost' });
    await killed;
    await expect(db.readChecksums('gone', TEXTS)).rejects.toMatchObject({ code: 'database-error' });
  });
});

it('rows are locked until their locks would fill the memory of the server, and are free then', async () => {
  await withDatabase(place.options, async (db) => {
    await publish(db, 2500, 0, 0);
    const { host, port, user, password, name } = place.options;
    const account = { host, port, user, password: password.reveal(), database: name };
    const [row] = await place.server.sql('SELECT @@innodb_buffer_pool_size AS pool');
    const perPool = (32 * 1024) / Number(row!.pool);
    const open = async () => new MysqlGuardedCells(await logIn(account), 'd', TEXTS, perPool);
    const readBack = new RowReadBack(open, TEXTS, { least: 0 });
    // There are more rows than these, which are locked.
    expect(await readBack.finish(1000)).toBeUndefined();
    const other = await createConnection(account);
    await other.query('SET innodb_lock_wait_timeout = 1');
    const change = () => other.query("UPDATE d SET t0 = 'other' WHERE id = 7");
    await expect(change()).rejects.toMatchObject({ code: 'ER_LOCK_WAIT_TIMEOUT' });
    expect(await readBack.finish(2500)).toBeUndefined();
    await change();
    await other.end();
    await readBack.close();
  });
});
