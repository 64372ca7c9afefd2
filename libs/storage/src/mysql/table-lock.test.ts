import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@tracebloc/ingestor-core';
import { recognize, startTcpProxy, type TcpProxy } from '@tracebloc/ingestor-testing';
import { openDatabase } from '../database/open.js';
import { mysqlOptions, useServer, withDatabase } from '../test-support/databases.test-support.js';
import { crash, otherProcess } from '../test-support/other-process.test-support.js';
import type { TableLock } from '../database/types.js';

const place = useServer();

describe('the lock', () => {
  it('dies with its process', async () => {
    const other = await otherProcess(place.options, `await db.lock('d', 'theirs');`);
    await withDatabase(place.options, async (db) => {
      const error = (await db.lock('d', 'mine').catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ code: 'table-locked' });
      expect(error.message).toContain(`run theirs on`);
      expect(error.message).toContain(`(process ${other.pid!})`);
      await crash(other);
      const deadline = Date.now() + 30_000;
      let lock: TableLock | undefined;
      while (!lock && Date.now() < deadline) {
        lock = await db.lock('d', 'mine').catch(() => undefined);
        await sleep(20);
      }
      expect(lock).toBeDefined();
      await lock?.release();
    });
  });

  it('reports its loss', async () => {
    await withDatabase(place.options, async (db) => {
      const lock = await db.lock('d', 'r1');
      const lost = once(lock.lost, 'abort');
      // The pool's connections are ended too, or are closed with the lock; later they are opened again.
      const sessions = await place.server.sql(
        `SELECT ID AS id FROM INFORMATION_SCHEMA.PROCESSLIST WHERE DB = '${place.options.name}' AND ID <> CONNECTION_ID()`,
      );
      for (const { id } of sessions) await place.server.sql(`KILL ${Number(id)}`).catch(ifGone);
      await lost;
      expect(lock.lost.aborted).toBe(true);
      await lock.release();
      const again = await db.lock('d', 'r2');
      await again.release();
    });
  });

  it('belongs to one database’s table', async () => {
    const other = mysqlOptions(place.server, await place.server.createDatabase());
    await withDatabase(place.options, async (a) =>
      withDatabase(other, async (b) => {
        const locks = [await a.lock('d', 'r1'), await b.lock('d', 'r1')];
        for (const lock of locks) await lock.release();
      }),
    );
  });
});

describe('of a process that has lost its lock', () => {
  let proxy: TcpProxy;
  beforeAll(async () => {
    proxy = await startTcpProxy(place.server);
  });
  afterAll(() => proxy.stop());

  const arrives = Promise.withResolvers<unknown>();

  beforeEach(async () => {
    const gone = await openDatabase({ ...place.options, port: proxy.port });
    await gone.lock('d', 'theirs');
    const isLate = recognize(/COUNT\(\*\)/);
    proxy.intercept((passage) => (isLate(passage) ? { late: arrives.promise } : 'pass'));
    await expect(gone.count('_ingestor_runs')).rejects.toMatchObject({ code: 'database-lost' });
    proxy.resetAll();
    await gone.close();
  });
  afterAll(() => arrives.resolve(undefined));

  const sessions = async () => {
    const list = await place.server.sql(
      `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${place.options.name}'`,
    );
    return list.length;
  };

  it('the connections are ended before its successor has the lock', async () => {
    // Wait until the server has noticed that the other connections are gone.
    while ((await sessions()) > 1) await sleep(10);
    const db = await openDatabase(place.options);
    const before = await sessions();
    const lock = await db.lock('d', 'mine');
    // One connection was ended, and the lock has a new one.
    expect(await sessions()).toBe(before);
    await lock.release();
    await db.close();
  });

  it('open connections keep a successor out that is not permitted to end them', async () => {
    const { user, password } = await place.server.createUser(`ALL ON ${place.options.name}.*`);
    const other = await openDatabase({ ...place.options, user, password: new Secret(password) });
    await expect(other.lock('d', 'mine')).rejects.toMatchObject({
      code: 'table-locked',
      exitCode: 1,
      message: expect.stringMatching(/run theirs on .*, which has lost its lock; .* may not end them\.$/) as unknown,
    });
    const same = await openDatabase(place.options);
    await (await same.lock('d', 'mine')).release();
    await (await other.lock('d', 'mine')).release();
    await same.close();
    await other.close();
  });
});

it('a process that has released its lock leaves no row behind', async () => {
  const db = await openDatabase(place.options);
  const lock = await db.lock('d', 'mine');
  await lock.release();
  expect(await place.server.sql(`SELECT * FROM ${place.options.name}._ingestor_locks`)).toEqual([]);
  await db.close();
});

it('closing a lock or a database does not wait long for a silent server', async () => {
  const proxy = await startTcpProxy(place.server);
  const db = await openDatabase({ ...place.options, port: proxy.port, waits: { closeMs: 100 } });
  const lock = await db.lock('d', 'mine');
  const sent = Promise.withResolvers<unknown>();
  const isCount = recognize(/COUNT\(\*\)/);
  let isSilent = false;
  proxy.intercept((passage) => {
    if (isCount(passage)) {
      isSilent = true;
      sent.resolve(undefined);
    }
    return isSilent && passage.direction === 'to-client' ? new Promise(() => undefined) : 'pass';
  });
  const counting = db.count('_ingestor_runs').catch((e: unknown) => e);
  await sent.promise;
  const start = performance.now();
  try {
    await Promise.all([lock.release(), db.close()]);
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await counting).toMatchObject({ code: 'database-lost' });
  } finally {
    await proxy.stop();
  }
});

function ifGone(error: Error & { code?: string }): void {
  if (error.code !== 'ER_NO_SUCH_THREAD') throw error;
}
