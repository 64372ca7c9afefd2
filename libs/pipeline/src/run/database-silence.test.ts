import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH, Bench, silenceFrom, TAKES_LOCK } from './database-faults.test-support.js';

let bench: Bench;
let expected: unknown;

/** The server ends a session that is silent for 2 s, and a run closes the connection to a server that is. */
beforeAll(async () => {
  bench = await Bench.start({ args: ['--innodb-lock-wait-timeout=1'] });
  await bench.server.sql('SET GLOBAL wait_timeout = 2, net_read_timeout = 1');
  await bench.ingest('undisturbed');
  expected = await bench.stateOf('undisturbed');
});
afterAll(() => bench.stop());
afterEach(() => bench.proxy.intercept());

async function expectCompleted(table: string): Promise<void> {
  bench.proxy.intercept();
  // The server may still hold the locks of the earlier run, until it has ended that session too.
  await bench.ingest(table, { wait: true });
  expect(await bench.stateOf(table)).toEqual(expected);
  expect(bench.backend.tables[table]!.repeated.size).toBe(0);
  expect(bench.backend.violations).toEqual([]);
}

const LOCK_LOST = {
  name: 'IngestorError',
  code: 'lock-lost',
  exitCode: 1,
  message: expect.stringContaining('the connection to the database that held it broke') as unknown,
};

/** The lock's connection or another one is closed first. */
const FAILED = { name: 'IngestorError', code: expect.stringMatching(/^(lock|database)-lost$/) as unknown, exitCode: 1 };

describe('a server that falls silent', () => {
  it('after COMMIT ends the run after a while, and the same command completes it', async () => {
    bench.proxy.intercept(silenceFrom(/COMMIT$/, 'to-client'));
    await expect(bench.ingest('silent')).rejects.toMatchObject(FAILED);
    expect(await bench.staged('silent')).toBe(BATCH);
    await expectCompleted('silent');
  });
});

it('the wait for a server that falls silent while a connection is set up ends soon', async () => {
  bench.proxy.intercept(silenceFrom(/GET_LOCK\('ingestor:\w+:\d/, 'to-client'));
  const start = performance.now();
  await expect(bench.ingest('set_up')).rejects.toMatchObject({ name: 'IngestorError', code: 'database-lost' });
  expect(performance.now() - start).toBeLessThan(30_000);
  await expectCompleted('set_up');
});

describe('a process from which the server receives nothing more', () => {
  it.each([
    ['before COMMIT', 'gone_commit', /COMMIT$/],
    ['in its data', 'gone_data', /even/],
  ])('%s loses what it had not committed, and does not delay its successor', async (_, table, from) => {
    bench.proxy.intercept(silenceFrom(from, 'to-server', 'to-client'));
    await expect(bench.ingest(table)).rejects.toMatchObject(FAILED);
    expect(await bench.staged(table)).toBe(0);
    await expectCompleted(table);
  });
});

it('a run whose lock’s connection breaks stops, and the same command completes it', async () => {
  let holder = 0;
  let commits = 0;
  const broken = Promise.withResolvers<'pass'>();
  bench.proxy.intercept(({ direction, connection, chunk }) => {
    const text = chunk.toString('latin1');
    if (TAKES_LOCK.test(text)) holder = connection;
    // The lock's connection breaks at its next ping, when one batch is committed and the next one waits.
    if (connection === holder && commits === 2) {
      broken.resolve('pass');
      return 'reset';
    }
    if (direction !== 'to-server' || !text.endsWith('COMMIT')) return 'pass';
    return ++commits === 2 ? broken.promise : 'pass';
  });
  await expect(bench.ingest('unlocked')).rejects.toMatchObject(LOCK_LOST);
  expect(await bench.staged('unlocked')).toBeLessThan(250);
  expect(await bench.select(`SELECT * FROM _ingestor_datasets WHERE table_name = 'unlocked'`)).toEqual([]);
  await expectCompleted('unlocked');
});

it('a server that is slow with every answer is waited for', async () => {
  let answers = 0;
  bench.proxy.intercept(({ direction }) => {
    if (direction === 'to-server') return 'pass';
    answers++;
    return { delay: 10 };
  });
  await bench.ingest('slow');
  expect(answers).toBeGreaterThan(80);
  await expectCompleted('slow');
});

it('a server that takes small packets gets no larger statements', async () => {
  // The server accepts a packet that fits into its first buffer, whatever the limit is.
  await bench.server.sql('SET GLOBAL net_buffer_length = 1024, GLOBAL max_allowed_packet = 4096');
  await bench.ingest('small_packets', { bulk: 'insert' });
  expect(await bench.stateOf('small_packets')).toEqual(expected);
});
