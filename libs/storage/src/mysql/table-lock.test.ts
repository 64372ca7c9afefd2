import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { mysqlOptions, withDatabase, type MysqlOptions } from '../test-kit/databases.test.support.js';
import { crash, otherProcess } from '../test-kit/other-process.test.support.js';
import type { TableLock } from '../types.js';

let server: MariaDb;
let options: MysqlOptions;
beforeAll(async () => {
  server = await startMariaDb();
});
afterAll(() => server.stop());
beforeEach(async () => {
  options = mysqlOptions(server, await server.createDatabase());
});

describe('the lock', () => {
  it('dies with its process', async () => {
    const other = await otherProcess(options, `await db.lock('d', 'theirs');`);
    await withDatabase(options, async (db) => {
      const error = (await db.lock('d', 'mine').catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ code: 'table-locked' });
      expect(error.message).toContain(`run theirs on`);
      expect(error.message).toContain(`(process ${other.pid!})`);
      await crash(other);
      const deadline = Date.now() + 5000;
      let lock: TableLock | undefined;
      while (!lock && Date.now() < deadline) {
        lock = await db.lock('d', 'mine').catch(() => undefined);
        await sleep(20);
      }
      expect(lock).toBeDefined();
      await lock?.release();
    });
  });

  it('tells when it is lost', async () => {
    await withDatabase(options, async (db) => {
      const lock = await db.lock('d', 'r1');
      const lost = once(lock.lost, 'abort');
      // The pool's connections go as well, or are given up with the lock, and come back.
      const sessions = await server.sql(
        `SELECT ID AS id FROM INFORMATION_SCHEMA.PROCESSLIST WHERE DB = '${options.name}' AND ID <> CONNECTION_ID()`,
      );
      for (const { id } of sessions) await server.sql(`KILL ${Number(id)}`).catch(ifGone);
      await lost;
      expect(lock.lost.aborted).toBe(true);
      await lock.release();
      const again = await db.lock('d', 'r2');
      await again.release();
    });
  });

  it('is of one database’s table', async () => {
    const other = mysqlOptions(server, await server.createDatabase());
    await withDatabase(options, async (a) =>
      withDatabase(other, async (b) => {
        const locks = [await a.lock('d', 'r1'), await b.lock('d', 'r1')];
        for (const lock of locks) await lock.release();
      }),
    );
  });
});

function ifGone(error: Error & { code?: string }): void {
  if (error.code !== 'ER_NO_SUCH_THREAD') throw error;
}
