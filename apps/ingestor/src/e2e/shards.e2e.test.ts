import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { startTcpProxy } from '@tracebloc/ingestor-testing';
import {
  documentOf,
  lastLine,
  type Ended,
  type Env,
  type Running,
  yamlOf,
  World,
} from '@tracebloc/ingestor-testing/command';
import { hold, until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { datasetOf, expectNothingStaged, inSmallBatches, shardFlags, outcomeOf } from './shards.test-support.js';
import { holdAfterBatch, stopWhileStaging } from './staging.test-support.js';

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url));
const SAMPLES = globSync('*/samples/*/train.yaml', { cwd: PLUGINS }).sort();
const RECORDS = 6000;
const CLEAN = 'All records processed successfully';

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  // This creates the ledger, before the tests compare what is in the database.
  await session.run(['runs', 'clean', '--yes'], world.local);
  const rows = Array.from({ length: RECORDS }, (_, i) => `${i},${i % 7 === 0 ? `"q, ${i}"` : `w${i}`},${i % 3}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function configOf(table: string, csv = 'large.csv'): Promise<string> {
  return world.write(`${table}.yaml`, yamlOf({ table, csv, schema: { a: 'INT', b: 'VARCHAR(20)' } }));
}

const ingest = (config: string, ...flags: string[]) =>
  session.run(['ingest', '-c', config, ...flags], inSmallBatches(world.remote));

/** Ingests the shards one after another, and returns how each ended. */
const inOrder = (config: string, order: readonly number[], count: number, ...more: string[]): Promise<Ended[]> =>
  Promise.all(order.map((index) => ingest(config, ...shardFlags(index, count), ...more)));

describe.each(SAMPLES)('%s', (sample) => {
  it('in shards, one after another, is what it is in one run', async () => {
    const config = join(PLUGINS, sample);
    const table = /^table: (\S+)$/m.exec(readFileSync(config, 'utf8'))![1]!;
    expect(await ingest(config)).toMatchObject({ code: 0 });
    const whole = await datasetOf(world, table);
    const { title } = world.backend.tables[table]!.dataset!;
    expect(await session.run(['datasets', 'delete', table, '--yes'], world.remote)).toMatchObject({ code: 0 });

    const [first, second, last] = await inOrder(config, [2, 0, 1], 3);
    expect([first!.code, second!.code, last!.code]).toEqual([0, 0, 0]);
    expect(first!.stdout).toContain('1 of 3 shards are done');
    expect(lastLine(second!)).toBe('This shard is done; the dataset is published when all are');
    expect(lastLine(last!)).toBe(CLEAN);
    expect(await datasetOf(world, table)).toEqual(whole);
    expect(world.backend.tables[table]!.dataset!.title).not.toBe(title);
    expect(world.backend.violations).toEqual([]);
    await expectNothingStaged(world);
  });
});

/** Starts a run through a proxy, and kills it when the proxy has what `holdIt` makes it hold. Returns how it ended. */
async function killAt(start: (env: Env) => Running, holdIt: typeof holdAfterBatch): Promise<Ended> {
  const proxy = await startTcpProxy(world.mariaDb);
  try {
    const held = holdIt(proxy);
    const run = start({ MYSQL_PORT: String(proxy.port) });
    await until(run, () => held.reached);
    run.kill('SIGKILL');
    return await run.ended;
  } finally {
    await proxy.stop();
  }
}

describe('the processes of four shards', () => {
  let whole: unknown;

  beforeAll(async () => {
    expect(await ingest(await configOf('whole'))).toMatchObject({ code: 0 });
    whole = anonymous(await datasetOf(world, 'whole'), 'whole');
  });

  const argsOf = (config: string, index: number) => ['ingest', '-c', config, ...shardFlags(index, 4), '--json'];

  async function committed(table: string, shard: number): Promise<number> {
    const [row] = await world.mariaDb.sql(
      `SELECT SUM(b.records) AS n FROM ${world.database}._ingestor_batches b JOIN ${world.database}._ingestor_runs r ` +
        `ON r.run_id = b.run_id WHERE r.table_name = '${table}' AND b.shard = ${shard}`,
    );
    return Number(row!.n ?? 0);
  }

  /** Checks that one process published, and that each call after the first `sofar` was made once, `repeated` twice. */
  async function expectPublishedOnce(sofar: number, ended: Ended[], repeated: string[] = []): Promise<void> {
    const calls = world.backend.calls.slice(sofar).map(({ name }) => name);
    const once = ['edge-labels', 'global-metadata', 'prepare', 'dataset'];
    expect(calls.filter((name) => name !== 'records').sort()).toEqual([...once, ...repeated].sort());
    expect(world.backend.violations).toEqual([]);
    await expectNothingStaged(world);
    const published = ended.filter(({ code, stdout }) => code === 0 && !/"outcome": "(staged|unchanged)"/.test(stdout));
    expect(published).toHaveLength(1);
  }

  it('bring each row and file once, when one of them is killed while it stages and is run again', async () => {
    const config = join(PLUGINS, 'object-detection/samples/shapes/train.yaml');
    const env = { ...world.remote, BATCH_SIZE: '2' };
    expect(await ingest(config)).toMatchObject({ code: 0 });
    const expected = await datasetOf(world, 'shapes_train');
    expect(await session.run(['datasets', 'delete', 'shapes_train', '--yes'], world.remote)).toMatchObject({ code: 0 });
    const sofar = world.backend.calls.length;
    const start = (index: number, more: Env = {}) => world.start(argsOf(config, index), { ...env, ...more });
    const [victim, ...others] = await Promise.all([
      killAt((more) => start(3, more), holdAfterBatch),
      ...[1, 0, 2].map((index) => start(index).ended),
    ]);
    expect(victim).toMatchObject({ code: null });
    expect(await committed('shapes_train', 3)).toBe(4);
    const again = await session.run(argsOf(config, 3), env);
    expect([...others, again].map(outcomeOf)).toEqual(Array(4).fill(expect.stringMatching(/^0:/)));
    expect(await datasetOf(world, 'shapes_train')).toEqual(expected);
    await expectPublishedOnce(sofar, [...others, again]);
  });

  /** Returns a function that makes a proxy hold the first statement with this text. */
  const atStatement =
    (text: string): typeof holdAfterBatch =>
    (proxy) =>
      hold(proxy, (_, chunk) => chunk.includes(text));

  it.each<[string, string, typeof holdAfterBatch]>([
    ['publishes', 'killed_publishing', atStatement('RENAME TABLE')],
    // The statement notes the second call as made.
    ['registers', 'killed_registering', atStatement('global-metadata')],
  ])('make one dataset, when the last of them is killed while it %s and is run again', async (_does, table, holdIt) => {
    const sofar = world.backend.calls.length;
    const config = await configOf(table);
    const others = await Promise.all(
      [3, 0, 1].map((index) => session.run(argsOf(config, index), inSmallBatches(world.remote))),
    );
    const start = (env: Env) => world.start(argsOf(config, 2), { ...inSmallBatches(world.remote), ...env });
    expect(await killAt(start, holdIt)).toMatchObject({ code: null });
    const again = await session.run(argsOf(config, 2), inSmallBatches(world.remote));
    expect([...others, again].map(outcomeOf)).toEqual(Array(4).fill(expect.stringMatching(/^0:/)));
    // The call that was being noted when its process was killed is made again.
    expect(anonymous(await datasetOf(world, table), table)).toEqual(whole);
    await expectPublishedOnce(sofar, [...others, again], table === 'killed_registering' ? ['global-metadata'] : []);
  });

  it('keep a second process of a shard, an unsharded run and a run of another number off the table', async () => {
    const config = await configOf('guarded');
    const flags = [...shardFlags(1, 4), '--json'];
    const first = await stopWhileStaging(world, config, 'guarded', inSmallBatches(world.remote), flags);
    for (const [others, code] of [
      [shardFlags(1, 4), 'shard-locked'],
      [['--restart'], 'table-locked'],
      [shardFlags(2, 3), 'table-locked'],
      [[...shardFlags(0, 3), '--restart'], 'table-locked'],
    ] as const) {
      const refused = await ingest(config, ...others, '--json');
      expect(documentOf(refused)).toMatchObject({ error: { code, exitCode: 1 } });
    }
    first.kill('SIGCONT');
    const staged = { outcome: 'staged', shard: { index: 1, count: 4, done: 1 } };
    expect(documentOf<IngestResult>(await first.ended)).toMatchObject(staged);
    const other = await ingest(config, ...shardFlags(1, 3), '--json');
    expect(documentOf(other)).toMatchObject({
      error: {
        code: 'source-changed',
        message: expect.stringMatching(/^The number of shards changed since run/) as unknown,
      },
    });

    // A shard that is done has nothing to do, before the dataset is registered and after.
    expect(documentOf<IngestResult>(await ingest(config, ...flags))).toMatchObject(staged);
    expect((await inOrder(config, [0, 2, 3], 4)).map(({ code }) => code)).toEqual([0, 0, 0]);
    const again = await ingest(config, ...flags);
    expect(documentOf(again)).toMatchObject({ outcome: 'unchanged', inserted: RECORDS });
    expect(anonymous(await datasetOf(world, 'guarded'), 'guarded')).toEqual(whole);
  });
});

/** Replaces the name of the table, which differs between the datasets. */
function anonymous(dataset: unknown, table: string): unknown {
  return JSON.parse(JSON.stringify(dataset).replaceAll(`"${table}"`, '"table"')) as unknown;
}

describe('a dataset that is not valid', () => {
  it('is reported by the shard that has the row, ends a shard that is at work, and leaves nothing', async () => {
    const rows = Array.from({ length: RECORDS }, (_, i) => `${i === 5000 ? 'x' : i},w,${i % 3}`);
    await world.write('bad.csv', `a,b,y\n${rows.join('\n')}\n`);
    const config = await configOf('bad', 'bad.csv');
    const before = await world.traces();
    const working = await stopWhileStaging(world, config, 'bad', inSmallBatches(world.remote), shardFlags(0, 2));
    const bad = await ingest(config, ...shardFlags(1, 2));
    expect(bad).toMatchObject({ code: 3, stdout: expect.stringContaining('bad.csv:5002 a  The value does not fit') });
    working.kill('SIGCONT');
    expect(await working.ended).toMatchObject({ code: 3, stderr: expect.stringContaining('Shard 1 (on ') });
    expect(await world.traces()).toEqual(before);
    await expectNothingStaged(world);
  });

  it('is reported once to a shard that starts later, and is ingested when it is corrected', async () => {
    const half = Array.from({ length: 2000 }, (_, i) => `${i},w,${i < 1000 ? 'p' : 'q'}`);
    await world.write('late.csv', `a,b,y\n${half.join('\n')}\nx,w,q\n`);
    const config = await configOf('late', 'late.csv');
    const [bad, later] = await inOrder(config, [1, 0], 2);
    expect(bad).toMatchObject({ code: 3 });
    expect(later).toMatchObject({ code: 3 });
    expect(later!.stderr).toMatch(/^Error: Shard 1 \(on \S+\) found errors in the dataset for table late, so /);
    await world.write('late.csv', `a,b,y\n${half.join('\n')}\n`);
    const [one, two] = await inOrder(config, [0, 1], 2);
    expect([one!.code, two!.code]).toEqual([0, 0]);
    expect(await world.rows('late')).toHaveLength(2000);
  });

  it('is found by the last shard if only the whole dataset shows it', async () => {
    const same = Array.from({ length: 2000 }, (_, i) => `${i},w,p`);
    await world.write('same.csv', `a,b,y\n${same.join('\n')}\n`);
    const [one, two] = await inOrder(await configOf('same', 'same.csv'), [1, 0], 2);
    expect(one).toMatchObject({ code: 0 });
    expect(two).toMatchObject({ code: 3, stdout: expect.stringContaining('one-class') });
    await expectNothingStaged(world);
  });

  it('is found if two shards have the same data_id', async () => {
    const twice = Array.from({ length: 2000 }, (_, i) => `${i === 1999 ? 0 : i},w,${i % 2}`);
    await world.write('keys.csv', `a,b,y\n${twice.join('\n')}\n`);
    const fields = { table: 'keyed', csv: 'keys.csv', schema: { b: 'VARCHAR(20)' } };
    const config = await world.write('keys.yaml', yamlOf({ ...fields, data_id: { strategy: 'column', column: 'a' } }));
    const [one, two] = await inOrder(config, [0, 1], 2);
    expect(outcomeOf(one!)).toMatch(/^0:/);
    expect(two).toMatchObject({ code: 3, stderr: expect.stringContaining('occurs twice in the dataset') });
    await expectNothingStaged(world);
  });
});

it('wrong flags of shards are usage errors, and the index of an Indexed Job is used', async () => {
  const config = await configOf('misused');
  const ended = await ingest(config, '--shards', '4');
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('does not say which of the 4 shards') });
  const indexed = { ...world.remote, INGESTOR_SHARDS: '2', JOB_COMPLETION_INDEX: '1' };
  expect(outcomeOf(await session.run(['ingest', '-c', config], indexed))).toContain('index 1, ');
});
