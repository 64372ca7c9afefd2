import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@tracebloc/ingestor-contract';
import { recognize, startMariaDb, startTcpProxy, type MariaDb, type TcpProxy } from '@tracebloc/ingestor-testing';
import { openDatabase } from '../open.js';
import { mysqlOptions, type MysqlOptions } from '../test-kit/databases.test.support.js';

let server: MariaDb;
let proxy: TcpProxy;
let options: MysqlOptions;
beforeAll(async () => {
  server = await startMariaDb();
  proxy = await startTcpProxy(server);
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  options = mysqlOptions(server, await server.createDatabase());
});

describe('of a process that has lost its lock', () => {
  const arrives = Promise.withResolvers<unknown>();

  beforeEach(async () => {
    const gone = await openDatabase({ ...options, port: proxy.port });
    await gone.lock('d', 'theirs');
    const isLate = recognize(/COUNT\(\*\)/);
    proxy.intercept((passage) => (isLate(passage) ? { late: arrives.promise } : 'pass'));
    await expect(gone.count('_ingestor_runs')).rejects.toMatchObject({ code: 'database-lost' });
    proxy.resetAll();
    await gone.close();
  });
  afterAll(() => arrives.resolve(undefined));

  const sessions = async () => {
    const list = await server.sql(`SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${options.name}'`);
    return list.length;
  };

  it('the connections are ended before its successor has the lock', async () => {
    // The server has noticed that the others are gone.
    while ((await sessions()) > 1) await sleep(10);
    const db = await openDatabase(options);
    const before = await sessions();
    const lock = await db.lock('d', 'mine');
    // One less, and that of the lock.
    expect(await sessions()).toBe(before);
    await lock.release();
    await db.close();
  });

  it('the connections keep a successor off that may not end them', async () => {
    const { user, password } = await server.createUser(`ALL ON ${options.name}.*`);
    const other = await openDatabase({ ...options, user, password: new Secret(password) });
    await expect(other.lock('d', 'mine')).rejects.toMatchObject({
      code: 'table-locked',
      exitCode: 1,
      message: expect.stringMatching(/run theirs on .*, which has lost its lock; .* may not end\.$/) as unknown,
    });
    const same = await openDatabase(options);
    await (await same.lock('d', 'mine')).release();
    await (await other.lock('d', 'mine')).release();
    await same.close();
    await other.close();
  });
});

it('a process that has let go of its lock leaves nothing to look for', async () => {
  const db = await openDatabase(options);
  const lock = await db.lock('d', 'mine');
  await lock.release();
  expect(await server.sql(`SELECT * FROM ${options.name}._ingestor_locks`)).toEqual([]);
  await db.close();
});
