import { afterAll, expect, it } from '@jest/globals';
import { shareMariaDb, startSharedMariaDb } from './shared-mariadb.js';

let stop: (() => Promise<void>) | undefined;

afterAll(async () => {
  delete process.env.INGESTOR_TEST_SERVER;
  await stop?.();
});

it('gives every test file databases that no other test uses, on one server', async () => {
  stop = await startSharedMariaDb();
  const [one, other] = [await shareMariaDb(), await shareMariaDb()];
  expect(other.port).toBe(one.port);
  const names = [await one.createDatabase(), await other.createDatabase()];
  expect(new Set(names).size).toBe(2);
  await expect(one.sql('SET GLOBAL max_connections = 10')).rejects.toThrow('separate');
  await expect(async () => one.kill()).rejects.toThrow('separate');
  await one.stop();
  expect(await other.sql(`SHOW DATABASES LIKE '${names[0]}'`)).toHaveLength(1);
  await other.stop();
});

it('starts a separate server where no server is shared', async () => {
  delete process.env.INGESTOR_TEST_SERVER;
  const server = await shareMariaDb();
  await server.sql('SET GLOBAL max_connections = 10');
  await server.stop();
});
