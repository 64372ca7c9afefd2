import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobState } from '../services/state.js';
import { documentOf, type Running, World } from '@tracebloc/ingestor-testing/command';
import { eventually, gate, JOB, JobWorld, runIngestor } from './job.test-support.js';

const RECORDS = 9000;

let world: JobWorld;

beforeAll(async () => {
  world = await JobWorld.start();
});
afterEach(() => world.kubernetes.reset());
afterAll(() => world.stop());

describe('ingest in an Indexed Job of three pods, over one database and one volume', () => {
  let data: World;

  beforeAll(async () => {
    data = await World.start();
  });
  afterAll(() => data.stop());

  /** Writes a dataset, and gives what submits it. */
  async function submission(table: string, cell: (row: number) => unknown): Promise<string[]> {
    const csv = join(data.storage, `${table}.csv`);
    const rows = Array.from({ length: RECORDS }, (_, row) => `${cell(row) as string},w${row},${row % 3}`);
    await writeFile(csv, `a,b,y\n${rows.join('\n')}\n`);
    await world.config(`${table}.yaml`, { table, csv });
    const env = Object.entries({ ...data.local, BATCH_SIZE: '100' }).filter(([name]) => name !== 'DB_PASSWORD');
    const variables = env.flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    return ['submit', '-c', `${table}.yaml`, '--shards', '3', '--name', JOB, '--create-secret-from-env', ...variables];
  }

  const secret = () => ({ DB_PASSWORD: data.mariaDb.password });

  async function expectComplete(table: string): Promise<void> {
    const rows = await data.rows(table);
    expect(rows.map(({ id, b }) => [Number(id), b])).toEqual(
      Array.from({ length: RECORDS }, (_, row) => [row + 1, `w${row}`]),
    );
    expect(await data.staged()).toEqual([]);
  }

  it('makes the dataset whole, and shows the log of each', async () => {
    world.next({ run: (container) => runIngestor(world.folder, container) });
    const ended = await world.run(await submission('whole', (row) => row), secret());
    expect(ended.code).toBe(0);
    const lines = ended.stdout.trim().split('\n');
    expect(lines.filter((line) => !/^shard [012] \| /.test(line))).toEqual([]);
    const lastOf = [0, 1, 2].map((shard) => lines.findLast((line) => line.startsWith(`shard ${shard} | `))!.slice(10));
    expect(lastOf.sort()).toEqual([
      'All records processed successfully',
      'This shard is done; the dataset is published when all are',
      'This shard is done; the dataset is published when all are',
    ]);
    await expectComplete('whole');
    expect((await world.run(['status', JOB])).stdout).toMatch(/^ {2}shards {4}3 of 3 done$/m);
    expect((await world.run(['status'])).stdout).toMatch(/^ingest-churn-train +succeeded +3\/3 +0 +3 +\d+ s$/m);
    const logged = await world.run(['logs', JOB, '--tail', '1']);
    expect(logged.stdout.match(/^shard \d/gm)).toEqual(['shard 0', 'shard 1', 'shard 2']);
  });

  it('a pod that is killed is replaced, to the same end', async () => {
    let victim: Running | undefined;
    world.next({
      run: async (container) =>
        runIngestor(world.folder, container, (running) => {
          if (container.env.JOB_COMPLETION_INDEX === '1') victim ??= running;
        }),
    });
    const submitted = world.start(await submission('killed', (row) => row), secret());
    await eventually('a pod', () => victim !== undefined);
    while ((await batchesOf('killed', 1)) < 3) await sleep(5);
    victim!.kill('SIGKILL');
    const ended = await submitted.ended;
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/^ingest-churn-train: Kubernetes starts shard 1 again, in pod ingest-churn-train-1-/m);
    const { pods } = documentOf<JobState>(await world.run(['status', JOB, '--json']));
    expect(pods.map(({ shard, exitCode }) => [shard, exitCode]).sort()).toEqual([
      [0, 0],
      [1, 0],
      [1, 137],
      [2, 0],
    ]);
    await expectComplete('killed');
  });

  it('bad data in one shard ends the Job with 3', async () => {
    world.next({ run: (container) => runIngestor(world.folder, container) });
    const ended = await world.run(await submission('bad', (row) => (row === 4000 ? 'x' : row)), secret());
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^shard 1 \| .*bad\.csv:4002 a {2}The value does not fit/m);
    expect(ended.stderr).toMatch(
      /failed after .*: (shard 1|[23] of 3 shards), exit code 3, the data failed validation/,
    );
    expect(await data.staged()).toEqual([]);
  });

  async function batchesOf(table: string, shard: number): Promise<number> {
    const [row] = await data.mariaDb
      .sql(
        `SELECT COUNT(*) AS n FROM ${data.database}._ingestor_batches b JOIN ${data.database}._ingestor_runs r ` +
          `ON r.run_id = b.run_id WHERE r.table_name = '${table}' AND b.shard = ${shard}`,
      )
      .catch(() => [{ n: 0 }]);
    return Number(row!.n);
  }
});

describe('an Indexed Job', () => {
  it('tells each pod its shard, of how many, and follows the logs of all at the same time', async () => {
    const [first, rest] = [gate(), gate()];
    world.next({
      run: async ({ env, log }) => {
        const shard = env.JOB_COMPLETION_INDEX!;
        log(`of ${env.INGESTOR_SHARDS!}`);
        await (shard === '1' ? first : rest).opened;
        log('done');
        return 0;
      },
    });
    const running = world.startShards(3);
    const lines = () => running.output.stdout.trim().split('\n').sort();
    await eventually('three lines', () => lines().length === 3);
    expect(lines()).toEqual(['shard 0 | of 3', 'shard 1 | of 3', 'shard 2 | of 3']);
    first.open();
    await eventually('the end of one', () => lines().includes('shard 1 | done'));
    expect((await world.run(['status', JOB])).stdout).toMatch(/^ {2}shards {4}1 of 3 done, 2 running$/m);
    rest.open();
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(lines()).toHaveLength(6);
  });

  it('explains a pod that does not start while others run, and gives up only when none does', async () => {
    const done = gate();
    let running = 0;
    const run = async () => (running++, await done.opened, 0);
    world.next({ run }, { unschedulable: '1 Insufficient cpu' }, { run });
    await world.submitShards(3, '--no-follow');
    await eventually('two run', () => running === 2);
    const waiting = world.start(['wait', JOB, '--start-timeout', '1s']);
    await eventually('why', () => waiting.output.stderr.includes('1 of 3 shards wait: No node has enough cpu'));
    // For longer than one may wait of which nothing runs.
    await sleep(3000);
    const state = documentOf<JobState>(await world.run(['status', JOB, '--json']));
    expect(state).toMatchObject({ phase: 'running', problem: { code: 'no-room' } });
    expect(waiting.output.stderr).not.toContain('does not start');
    done.open();
    const ended = await waiting.ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Job ingest-churn-train does not start. No node has enough cpu');
  });

  it('fails with the code of a shard that failed as often as it may; the others are done with theirs', async () => {
    world.next({ run: ({ env }) => (env.JOB_COMPLETION_INDEX === '2' ? 42 : 0) });
    const ended = await world.submitShards(3, '--json');
    expect(ended.code).toBe(42);
    const [state] = documentOf<JobState[]>(ended);
    expect(state).toMatchObject({ phase: 'failed', exitCode: 42, shards: { count: 3, done: 2, failed: [2] } });
    expect(state!.pods.map(({ shard }) => shard).sort()).toEqual([0, 1, 2, 2, 2, 2]);
    expect(ended.stderr).toContain('shard 2, exit code 42.');
  });

  it('stops all shards where the configuration is wrong', async () => {
    const [underWay, stopped] = [gate(), { shards: 0 }];
    let started = 0;
    world.next({
      run: async ({ env, signal }) => {
        if (++started === 3) underWay.open();
        if (env.JOB_COMPLETION_INDEX === '1') return (await underWay.opened, 2);
        await once(signal, 'abort');
        stopped.shards++;
        return 130;
      },
    });
    expect(await world.submitShards(3)).toMatchObject({ code: 2 });
    expect(stopped.shards).toBe(2);
  });

  it('lets each shard report bad data, and stops none for it', async () => {
    const found = gate();
    world.next({
      run: async ({ env, log }) => {
        if (env.JOB_COMPLETION_INDEX === '1') found.open();
        else {
          await found.opened;
          await sleep(500);
        }
        return (log('what is wrong here'), 3);
      },
    });
    const ended = await world.submitShards(3);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout.match(/^shard [012] \| what is wrong here$/gm)).toHaveLength(3);
    expect(ended.stderr).toContain('3 of 3 shards, exit code 3,');
  });

  it('fails with 3 where the data is not valid, though a shard failed otherwise before', async () => {
    const [tries, failed] = [{ left: 4 }, gate()];
    world.next({
      run: async ({ env }) => {
        if (env.JOB_COMPLETION_INDEX === '1') return (await failed.opened, 3);
        if (--tries.left === 0) failed.open();
        return 1;
      },
    });
    const ended = await world.submitShards(2, '--json');
    expect(ended.code).toBe(3);
    expect(documentOf(ended)).toMatchObject([{ exitCode: 3, shards: { failed: [1, 0] } }]);
  });

  it('warns of a claim that one node only can mount', async () => {
    world.kubernetes.addClaim('one-node', 'Bound', 'ReadWriteOnce');
    const ended = await world.submitShards(2, '--claim', 'one-node');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain('Warning: Claim one-node is ReadWriteOnce: the shards that are not on the node');
    world.kubernetes.reset();
    world.kubernetes.deny({ verb: 'list', resource: 'persistentvolumeclaims' });
    expect((await world.submitShards(2, '--claim', 'one-node')).stderr).not.toContain('Warning');
  });
});
