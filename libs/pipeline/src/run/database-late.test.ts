import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { recognize, type Passage } from '@tracebloc/ingestor-testing';
import { Bench, TAKES_LOCK, until } from './database-faults.test-support.js';

/** One of so many chunks that a run sends to the server is late. Trying each chunk takes half a minute. */
const EVERY = Number(process.env.LATE_AT_EVERY ?? 17);

let bench: Bench;
let expected: unknown;
let tables = 0;

beforeAll(async () => {
  bench = await Bench.start({});
  await bench.ingest('undisturbed');
  expected = await bench.stateOf('undisturbed');
});
afterAll(() => bench.stop());
afterEach(() => bench.proxy.intercept());

/** Matches what is sent on other connections than the lock's. While the lock's connection is open, the table is locked. */
function besideLock(): (passage: Passage) => boolean {
  let holder = 0;
  return ({ direction, chunk, connection }) => {
    if (direction === 'to-client') return false;
    if (TAKES_LOCK.test(chunk.toString('latin1'))) holder = connection;
    return connection !== holder;
  };
}

/**
 * Runs an ingest whose connections break. The chunk that `isLate` matches reaches the server after the successor has
 * ended. With `alone`, only the connection of that chunk breaks. Returns whether a chunk was late.
 */
async function comesToNothing(isLate: (passage: Passage) => boolean, { alone }: { alone: boolean }): Promise<boolean> {
  const table = `late_${++tables}`;
  const successor = Promise.withResolvers<unknown>();
  const sent = Promise.withResolvers<unknown>();
  let met = false;
  bench.proxy.intercept((passage) => {
    if (met || !isLate(passage)) return 'pass';
    met = true;
    sent.resolve(met);
    return { late: successor.promise };
  });
  const first = bench.ingest(table).catch((error: unknown) => error);
  await Promise.race([sent.promise, first]);
  bench.proxy.intercept();
  // The proxy must receive the verdict first.
  await setImmediate();
  if (!alone) bench.proxy.resetAll();
  await first;

  await bench.ingest(table);
  successor.resolve(undefined);
  await until(async () => (await sessions()) === 1);
  expect(await bench.stateOf(table)).toEqual(expected);
  expect(await bench.ingest(table)).toMatchObject({ outcome: 'unchanged' });
  return met;
}

/** Returns the number of the server's connections, including the test's own. */
async function sessions(): Promise<number> {
  const list = await bench.server.sql(`SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Daemon'`);
  return list.length;
}

describe('what a process sent before its connection broke changes nothing once its successor works', () => {
  it.each([
    ['the beginning of the run', /INSERT INTO `_ingestor_runs`/],
    ['the staging table', /CREATE TABLE IF NOT EXISTS `_ingestor_stage_/],
    ['COMMIT', /COMMIT$/],
    // A parameter is sent after its length.
    ['the state `staged`', /\x06staged/],
    ['the state `publishing`', /\x0apublishing/],
    ['RENAME', /RENAME TABLE/],
    ['the catalog’s entry', /INSERT INTO `_ingestor_datasets`/],
  ])('%s', async (_, statement) => {
    for (const alone of [true, false]) expect(await comesToNothing(recognize(statement), { alone })).toBe(true);
  });

  it('any chunk', async () => {
    let at = 0;
    for (let isMet = true; isMet; at += EVERY) {
      const counts = besideLock();
      let chunk = 0;
      isMet = await comesToNothing((passage) => counts(passage) && chunk++ === at, { alone: at % 2 === 0 });
    }
    expect(at).toBeGreaterThan(80);
  }, 600_000);
});
