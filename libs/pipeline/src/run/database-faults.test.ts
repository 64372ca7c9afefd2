import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { breakAt, type BreakingPoint } from '@tracebloc/ingestor-testing';
import { BATCH, Bench, repeats, TAKES_LOCK } from './database-faults.test-support.js';

/** The connection breaks at one of so many chunks that a run and the server exchange. Trying each chunk takes minutes. */
const EVERY = Number(process.env.BREAK_AT_EVERY ?? 41);

let bench: Bench;
let expected: Record<'rows' | 'calls', unknown>;
let expectedCalls: string[];
let chunks = 0;
let tables = 0;

beforeAll(async () => {
  bench = await Bench.start();
  bench.proxy.intercept(() => {
    chunks++;
    return 'pass';
  });
  await bench.ingest('undisturbed');
  expected = await bench.stateOf('undisturbed');
  expectedCalls = bench.callsSince(0);
});
afterAll(() => bench.stop());
afterEach(() => bench.proxy.intercept());

const LOST = expect.stringMatching(/^database-(lost|unreachable)$/) as unknown;

/** Expects that the same command completes the run as an undisturbed one, and repeats at most `most` calls. */
async function expectCompleted(table: string, since: number, most: number): Promise<string[]> {
  bench.proxy.intercept();
  await bench.ingest(table);
  expect(await bench.stateOf(table)).toEqual(expected);
  const calls = bench.callsSince(since);
  expect([...new Set(calls)]).toEqual(expectedCalls);
  expect(bench.backend.violations).toEqual([]);
  const again = repeats(calls);
  expect(again.length).toBeLessThanOrEqual(most);
  return again;
}

/** Whether the run is complete, or has failed with an error that names the cause. */
function isClear(outcome: unknown): boolean {
  const { name, code, outcome: reached } = outcome as { name?: string; code?: string; outcome?: string };
  return reached === 'ingested' || (name === 'IngestorError' && /^(database-|lock-lost)/.test(code!));
}

interface Case {
  what: string;
  statement: RegExp;
  points: BreakingPoint[];
  bulk?: 'insert';
}
const CASES: Case[] = [
  { what: 'the login', statement: /_client_name/, points: ['halfway', 'answer'] },
  {
    what: 'the columns of the ledger',
    statement: /TABLE_NAME AS tableName/,
    points: ['half the answer'],
  },
  { what: 'a connection’s own lock', statement: /GET_LOCK\(.*:0'/, points: ['answer'] },
  { what: 'the lock', statement: TAKES_LOCK, points: ['before', 'answer'] },
  { what: 'the beginning of the run', statement: /INSERT INTO `_ingestor_runs`/, points: ['before', 'answer'] },
  { what: 'the staging table', statement: /CREATE TABLE IF NOT EXISTS `_ingestor_stage_/, points: ['answer'] },
  {
    what: 'rows by LOAD DATA',
    statement: /LOAD DATA/,
    points: ['before', 'halfway', 'answer', 'in its data'],
  },
  {
    what: 'rows by INSERT',
    statement: /INSERT INTO `_ingestor_stage_/,
    points: ['halfway', 'answer'],
    bulk: 'insert',
  },
  { what: 'a batch’s row in the ledger', statement: /INSERT INTO `_ingestor_batches`/, points: ['answer'] },
  { what: 'COMMIT', statement: /COMMIT$/, points: ['before', 'answer', 'half the answer'] },
  // A parameter is sent after its length.
  { what: 'the state `staged`', statement: /\x06staged/, points: ['before', 'answer'] },
  { what: 'the state `publishing`', statement: /\x0apublishing/, points: ['answer'] },
  { what: 'RENAME', statement: /RENAME TABLE/, points: ['before', 'halfway', 'answer'] },
  { what: 'the state `published`', statement: /\x09published/, points: ['before', 'answer'] },
  { what: 'the catalog’s entry', statement: /INSERT INTO `_ingestor_datasets`/, points: ['before', 'answer'] },
  { what: 'rows to register', statement: /SELECT id, data_id, label/, points: ['before', 'half the answer'] },
  { what: 'the state `registered`', statement: /\x0aregistered/, points: ['before', 'answer'] },
];

describe('a connection that breaks', () => {
  const cases = CASES.flatMap(({ points, ...rest }) => points.map((point) => ({ ...rest, point })));
  it.each(cases)('at $what: $point', async ({ statement, point, bulk }) => {
    const table = `at_${++tables}`;
    const since = bench.backend.calls.length;
    const fault = breakAt(statement, point);
    bench.proxy.intercept(fault.intercept);
    await expect(bench.ingest(table, { bulk })).rejects.toMatchObject({ name: 'IngestorError', code: LOST });
    expect(fault.met).toBe(true);
    expect(await expectCompleted(table, since, 0)).toEqual([]);
  });

  it.each([
    ['what was sent', /UPDATE `_ingestor_runs` SET `sent`/, 'records 0'],
    ['a call made once', /INSERT INTO `_ingestor_calls`/, 'edge-labels'],
  ])('at the note of %s: the call is repeated if the note is missing', async (_, statement, call) => {
    for (const [point, again] of [
      ['before', [call]],
      ['answer', []],
    ] as const) {
      const table = `note_${++tables}`;
      const since = bench.backend.calls.length;
      const fault = breakAt(statement, point);
      bench.proxy.intercept(fault.intercept);
      const error = bench.ingest(table);
      await expect(error).rejects.toMatchObject({ code: 'database-lost' });
      await expect(error).rejects.toThrow(`Table ${table} is complete in the database with 250 records`);
      expect(await expectCompleted(table, since, 1)).toEqual(again);
    }
  });

  it('after COMMIT has reached the server, the batch is committed, although the client cannot know', async () => {
    const fault = breakAt(/COMMIT$/, 'answer');
    const since = bench.backend.calls.length;
    bench.proxy.intercept(fault.intercept);
    await expect(bench.ingest('committed')).rejects.toMatchObject({ code: 'database-lost' });
    expect(await bench.staged('committed')).toBe(BATCH);
    await expectCompleted('committed', since, 0);
  });

  it('at the end of the run changes nothing', async () => {
    const fault = breakAt(/RELEASE_LOCK/, 'before');
    bench.proxy.intercept(fault.intercept);
    expect(await bench.ingest('over')).toMatchObject({ outcome: 'ingested' });
    expect(fault.met).toBe(true);
    bench.proxy.intercept();
    expect(await bench.ingest('over')).toMatchObject({ outcome: 'unchanged' });
    expect(await bench.stateOf('over')).toEqual(expected);
  });

  it('at any moment: the run fails with a clear error, or is not disturbed, and the same command completes it', async () => {
    for (let at = 0; at < chunks; at += EVERY) {
      const table = `any_${at}`;
      const since = bench.backend.calls.length;
      let chunk = 0;
      bench.proxy.intercept(() => (chunk++ === at ? 'reset' : 'pass'));
      const outcome = await bench.ingest(table).catch((error: unknown) => error);
      expect([at, isClear(outcome)]).toEqual([at, true]);
      await expectCompleted(table, since, 1);
    }
  }, 600_000);
});

const ALL_STAGED = /UPDATE `_ingestor_runs` SET `state`=.*COUNT/;

describe('a connection of a shard that breaks', () => {
  it.each<Omit<Case, 'points'> & { point: BreakingPoint }>([
    { what: 'marks it as staged', statement: /\x06staged/, point: 'before' },
    { what: 'marks it as staged', statement: /\x06staged/, point: 'answer' },
    { what: 'marks all as staged', statement: ALL_STAGED, point: 'before' },
    { what: 'marks all as staged', statement: ALL_STAGED, point: 'answer' },
    { what: 'publishes', statement: /RENAME TABLE/, point: 'answer' },
  ])('at the statement that $what: $point', async ({ statement, point }) => {
    const table = `shards_${++tables}`;
    expect(await bench.ingest(table, { shard: { index: 0, count: 2 } })).toMatchObject({ outcome: 'staged' });
    const fault = breakAt(statement, point);
    bench.proxy.intercept(fault.intercept);
    const last = { shard: { index: 1, count: 2 } };
    await expect(bench.ingest(table, last)).rejects.toMatchObject({ code: 'database-lost' });
    expect(fault.met).toBe(true);
    bench.proxy.intercept();
    await bench.ingest(table, last);
    const { rows, calls, leftovers } = await bench.stateOf(table);
    expect({ rows, calls, leftovers }).toEqual({ rows: expected.rows, calls: expected.calls, leftovers: [] });
  });
});
