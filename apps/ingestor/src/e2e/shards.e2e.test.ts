import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, lastLine, type Ended, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { datasetOf, expectNothingStaged, quick, seeded, shardFlags, told } from './shards.test-support.js';

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url));
const SAMPLES = globSync('*/samples/*/train.yaml', { cwd: PLUGINS }).sort();
const RECORDS = 20_000;
const CLEAN = 'All records processed successfully';

let world: World;

beforeAll(async () => {
  world = await World.start();
  const rows = Array.from({ length: RECORDS }, (_, i) => `${i},${i % 7 === 0 ? `"q, ${i}"` : `w${i}`},${i % 3}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
});
afterAll(() => world.stop());

async function configOf(table: string, csv = 'large.csv'): Promise<string> {
  return world.write(`${table}.yaml`, yamlOf({ table, csv, schema: { a: 'INT', b: 'VARCHAR(20)' } }));
}

/** Starts one shard after the other and gives how each ended. */
async function inOrder(config: string, order: readonly number[], count: number, more: string[] = []): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const index of order) {
    ended.push(await world.run(['ingest', '-c', config, ...shardFlags(index, count), ...more], quick(world.remote)));
  }
  return ended;
}

describe.each(SAMPLES)('%s', (sample) => {
  it('in shards, one after another, is what it is in one run', async () => {
    const config = join(PLUGINS, sample);
    const table = /^table: (\S+)$/m.exec(readFileSync(config, 'utf8'))![1]!;
    expect(await world.run(['ingest', '-c', config], quick(world.remote))).toMatchObject({ code: 0 });
    const whole = await datasetOf(world, table);
    const { title } = world.backend.tables[table]!.dataset!;
    expect(await world.run(['datasets', 'delete', table, '--yes'], world.remote)).toMatchObject({ code: 0 });

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

it('files arrive whole, once, from four processes of which one is killed and run again, in three rounds', async () => {
  const config = join(PLUGINS, 'object-detection/samples/shapes/train.yaml');
  const ingestOne = (index: number) =>
    world.start(['ingest', '-c', config, ...shardFlags(index, 4), '--overwrite'], { ...world.remote, BATCH_SIZE: '2' });
  expect(await world.run(['ingest', '-c', config], world.remote)).toMatchObject({ code: 0 });
  const whole = await datasetOf(world, 'shapes_train');
  for (const seed of [11, 12, 13]) {
    const random = seeded(seed);
    expect(await world.run(['datasets', 'delete', 'shapes_train', '--yes'], world.remote)).toMatchObject({ code: 0 });
    const runs = [3, 1, 0, 2].map(ingestOne);
    await sleep(800 + random() * 1500);
    runs[0]!.kill('SIGKILL');
    const [, ...others] = await Promise.all(runs.map((run) => run.ended));
    const again = await ingestOne(3).ended;
    for (const ended of [...others, again]) expect(told(ended)).toMatch(/^0:/);
    expect(await datasetOf(world, 'shapes_train')).toEqual(whole);
    await expectNothingStaged(world);
  }
});

describe('four processes at once', () => {
  let whole: unknown;

  beforeAll(async () => {
    const config = await configOf('whole');
    expect(await world.run(['ingest', '-c', config], quick(world.remote))).toMatchObject({ code: 0 });
    whole = anonymous(await datasetOf(world, 'whole'), 'whole');
  });

  const start = (config: string, index: number) =>
    world.start(['ingest', '-c', config, ...shardFlags(index, 4), '--json'], quick(world.remote));

  async function committed(table: string, shard: number): Promise<number> {
    const [row] = await world.mariaDb.sql(
      `SELECT SUM(b.records) AS n FROM ${world.database}._ingestor_batches b JOIN ${world.database}._ingestor_runs r ` +
        `ON r.run_id = b.run_id WHERE r.table_name = '${table}' AND b.shard = ${shard}`,
    );
    return Number(row!.n ?? 0);
  }

  it.each(Array.from({ length: 4 }, (_, round) => round))(
    'of which one is killed and run again: round %i',
    async (round) => {
      const random = seeded(round + 1);
      const table = `round_${round}`;
      const sofar = world.backend.calls.length;
      const config = await configOf(table);
      const victim = Math.floor(random() * 4);
      const runs = [0, 1, 2, 3].map((index) => start(config, index));
      const [state] = [{ over: false }];
      void runs[victim]!.ended.then(() => (state.over = true));
      // By turns at a batch of its own and at any time, which may be before its start or while it registers.
      const share = (round % 2) * random() * (RECORDS / 4 - 500);
      if (share === 0) await sleep(300 + random() * 3000);
      else while (!state.over && (await committed(table, victim)) <= share) await sleep(5);
      runs[victim]!.kill('SIGKILL');
      await runs[victim]!.ended;
      const before = await committed(table, victim);
      const again = await start(config, victim).ended;
      const ended = await Promise.all(runs.map((run) => run.ended));
      for (const [index, run] of ended.entries()) if (index !== victim) expect(told(run)).toMatch(/^0:/);
      expect(told(again)).toMatch(/^0:/);
      expect(await committed(table, victim)).toBeGreaterThanOrEqual(before);

      expect(anonymous(await datasetOf(world, table), table)).toEqual(whole);
      const calls = world.backend.calls.slice(sofar).map(({ name }) => name);
      for (const name of ['edge-labels', 'global-metadata', 'prepare', 'dataset'] as const) {
        const made = calls.filter((call) => call === name).length;
        // One that was under way when its process was killed is made again.
        expect(made === 1 || (made === 2 && ended[victim]!.code === null)).toBe(true);
      }
      expect(world.backend.violations).toEqual([]);
      await expectNothingStaged(world);
      const published = [...ended, again].filter(
        ({ code, stdout }) => code === 0 && !/"outcome": "(staged|unchanged)"/.test(stdout),
      );
      expect(published).toHaveLength(1);
    },
  );

  it('a second process of a shard is refused, and one that is done ends at once', async () => {
    const config = await configOf('twice');
    const [one, two] = [start(config, 1), start(config, 1)];
    const ended = await Promise.all([one.ended, two.ended]);
    // Whichever came later was refused, unless the first had ended by then.
    const codes = ended.map((run) => (run.code === 0 ? 0 : documentOf<{ error: { code: string } }>(run).error.code));
    expect(codes.filter((code) => code !== 0 && code !== 'shard-locked')).toEqual([]);
    expect(codes).toContain(0);
    const again = await start(config, 1).ended;
    expect(documentOf<IngestResult>(again)).toMatchObject({
      outcome: 'staged',
      shard: { index: 1, count: 4, done: 1 },
    });
    for (const index of [0, 2, 3]) expect(await start(config, index).ended).toMatchObject({ code: 0 });
    expect(documentOf(await start(config, 1).ended)).toMatchObject({ outcome: 'unchanged', inserted: RECORDS });
    expect(anonymous(await datasetOf(world, 'twice'), 'twice')).toEqual(whole);
  });

  it('keep an unsharded run and a run of another number off the table', async () => {
    const config = await configOf('guarded');
    const run = start(config, 0);
    while ((await committed('guarded', 0)) === 0) await sleep(5);
    run.kill('SIGSTOP');
    const others = await Promise.all([
      world.run(['ingest', '-c', config, '--restart', '--json'], quick(world.remote)),
      world.run(['ingest', '-c', config, ...shardFlags(1, 3), '--json'], quick(world.remote)),
      world.run(['ingest', '-c', config, ...shardFlags(2, 3), '--restart', '--json'], quick(world.remote)),
    ]);
    run.kill('SIGCONT');
    expect(await run.ended).toMatchObject({ code: 0 });
    for (const other of others) {
      expect(other.code).toBe(1);
      expect(documentOf(other)).toMatchObject({ error: { code: 'table-locked' } });
    }
    const other = await world.run(['ingest', '-c', config, ...shardFlags(1, 3), '--json'], quick(world.remote));
    expect(documentOf(other)).toMatchObject({
      error: {
        code: 'source-changed',
        message: expect.stringMatching(/^The number of shards changed since run/) as unknown,
      },
    });
    await inOrder(config, [1, 2, 3], 4);
    expect(anonymous(await datasetOf(world, 'guarded'), 'guarded')).toEqual(whole);
  });

  it('--restart is about the shard alone', async () => {
    const config = await configOf('restarted');
    await inOrder(config, [0, 1], 4);
    const [again] = await inOrder(config, [1], 4, ['--restart']);
    expect(again).toMatchObject({ code: 0 });
    expect(again!.stdout).toContain('2 of 4 shards are done');
    await inOrder(config, [2, 3], 4);
    expect(anonymous(await datasetOf(world, 'restarted'), 'restarted')).toEqual(whole);
  });
});

/** The table's own name, which tells the datasets apart, taken out. */
function anonymous(dataset: unknown, table: string): unknown {
  return JSON.parse(JSON.stringify(dataset).replaceAll(`"${table}"`, '"table"')) as unknown;
}

describe('a dataset that is not valid', () => {
  const CODES = { none: 0, invalid: 3 } as const;

  it('is told by the shard that has the row, ends the others, and leaves nothing', async () => {
    const rows = Array.from({ length: RECORDS }, (_, i) => `${i === 13_000 ? 'x' : i},w,${i % 3}`);
    await world.write('bad.csv', `a,b,y\n${rows.join('\n')}\n`);
    const config = await configOf('bad', 'bad.csv');
    const before = await world.traces();
    const runs = [0, 1, 2, 3].map((index) =>
      world.start(['ingest', '-c', config, ...shardFlags(index, 4)], quick(world.remote)),
    );
    const ended = await Promise.all(runs.map((run) => run.ended));
    expect(ended[2]).toMatchObject({ code: CODES.invalid });
    expect(ended[2]!.stdout).toContain('bad.csv:13002 a  The value does not fit');
    for (const index of [0, 1, 3]) {
      const { code, stderr } = ended[index]!;
      expect([CODES.none, CODES.invalid]).toContain(code);
      if (code === CODES.none) expect(lastLine(ended[index]!)).not.toBe(CLEAN);
      else expect(stderr).toContain('Shard 2 (on ');
    }
    expect(await world.traces()).toEqual(before);
    await expectNothingStaged(world);
  });

  it('and is known to one that starts later, once; mended, it is ingested', async () => {
    const half = Array.from({ length: 4000 }, (_, i) => `${i},w,${i < 2000 ? 'p' : 'q'}`);
    await world.write('late.csv', `a,b,y\n${half.join('\n')}\nx,w,q\n`);
    const config = await configOf('late', 'late.csv');
    const [bad, later] = await inOrder(config, [1, 0], 2);
    expect(bad).toMatchObject({ code: 3 });
    expect(later).toMatchObject({ code: 3 });
    expect(later!.stderr).toMatch(/^Error: Shard 1 \(on \S+\) found errors in the dataset for table late, so /);
    await world.write('late.csv', `a,b,y\n${half.join('\n')}\n`);
    const [one, two] = await inOrder(config, [0, 1], 2);
    expect([one!.code, two!.code]).toEqual([0, 0]);
    expect(await world.rows('late')).toHaveLength(4000);
  });

  it('only as a whole, is found by the last shard', async () => {
    const same = Array.from({ length: 4000 }, (_, i) => `${i},w,p`);
    await world.write('same.csv', `a,b,y\n${same.join('\n')}\n`);
    const config = await configOf('same', 'same.csv');
    const [one, two] = await inOrder(config, [1, 0], 2);
    expect(one).toMatchObject({ code: 0 });
    expect(two).toMatchObject({ code: 3 });
    expect(two!.stdout).toContain('one-class');
    await expectNothingStaged(world);
  });

  it('where a data_id stands in two shards', async () => {
    const twice = Array.from({ length: 4000 }, (_, i) => `${i === 3999 ? 0 : i},w,${i % 2}`);
    await world.write('keys.csv', `a,b,y\n${twice.join('\n')}\n`);
    const fields = { table: 'keyed', csv: 'keys.csv', schema: { b: 'VARCHAR(20)' } };
    const config = await world.write('keys.yaml', yamlOf({ ...fields, data_id: { strategy: 'column', column: 'a' } }));
    const [one, two] = await inOrder(config, [0, 1], 2);
    expect(told(one!)).toMatch(/^0:/);
    expect(two).toMatchObject({ code: 3 });
    expect(two!.stderr).toContain('occurs twice in the dataset');
    await expectNothingStaged(world);
  });
});

it('wrong usage is told', async () => {
  const config = await configOf('misused');
  const errors = [
    [['--shards', '4'], 'does not say which of the 4 shards this is'],
    [['--shards', '4', '--shard-index', '4'], 'a whole number from 0 to 3'],
    [['--shard-index', '0'], 'is set without a number of shards'],
  ] as const;
  for (const [flags, problem] of errors) {
    const ended = await world.run(['ingest', '-c', config, ...flags], world.remote);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toContain(problem);
  }
  const embedded = await world.run(['ingest', '-c', config, ...shardFlags(0, 2)], world.embedded);
  expect(embedded).toMatchObject({ code: 2 });
  expect(embedded.stderr).toContain('needs a database server');
  const indexed = { ...world.remote, INGESTOR_SHARDS: '2', JOB_COMPLETION_INDEX: '1' };
  expect(told(await world.run(['ingest', '-c', config], indexed))).toContain('index 1, ');
});
