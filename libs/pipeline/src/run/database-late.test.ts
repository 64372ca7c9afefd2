import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { recognize, type Passage } from '@tracebloc/ingestor-testing';
import { Bench, TAKES_LOCK, until } from './database-faults.test-support.js';

/** Of so many chunks that a run sends to the server, one is late; all of them take half a minute. */
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

/** What is sent on another connection than the lock's: while the server has that one, the table is locked. */
function besideLock(): (passage: Passage) => boolean {
  let holder = 0;
  return ({ direction, chunk, connection }) => {
    if (direction === 'to-client') return false;
    if (TAKES_LOCK.test(chunk.toString('latin1'))) holder = connection;
    return connection !== holder;
  };
}

/**
 * A run whose connections break; what it has sent last, which `isLate` tells, comes to the server when its successor is
 * done. With `alone`, only the connection breaks that this was sent on. Returns whether any of it was late.
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
  // The proxy has to see the verdict first.
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

/** Connections that the server has, the test's own with them. */
async function sessions(): Promise<number> {
  const list = await bench.server.sql(`SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Daemon'`);
  return list.length;
}

describe('what a process has sent before it is gone changes nothing any more when its successor is at work', () => {
  it.each([
    ['the beginning of the run', /INSERT INTO `_ingestor_runs`/],
    ['the staging table', /CREATE TABLE IF NOT EXISTS `_ingestor_stage_/],
    ['COMMIT', /COMMIT$/],
    // Parameters travel with their lengths before them.
    ['that all is staged', /\x06staged/],
    ['that it is being published', /\x0apublishing/],
    ['RENAME', /RENAME TABLE/],
    ['the catalog’s entry', /INSERT INTO `_ingestor_datasets`/],
  ])('%s', async (_, statement) => {
    for (const alone of [true, false]) expect(await comesToNothing(recognize(statement), { alone })).toBe(true);
  });

  it('whatever it is', async () => {
    let at = 0;
    for (let isMet = true; isMet; at += EVERY) {
      const counts = besideLock();
      let chunk = 0;
      isMet = await comesToNothing((passage) => counts(passage) && chunk++ === at, { alone: at % 2 === 0 });
    }
    expect(at).toBeGreaterThan(80);
  }, 600_000);
});
