import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { eventually, gate, untilStopped } from '../testing/wait.test-support.js';
import { JOB, TestCluster } from './cluster.test-support.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

/** How often the state of Jobs has been asked for. */
const observations = () => test.kubernetes.requests.filter(({ url }) => url.endsWith(`/jobs/${JOB}`)).length;

it('tells each pod its shard, of how many, and follows the logs of all at the same time', async () => {
  const [first, rest] = [gate(), gate()];
  test.next({
    run: async ({ env, log }) => {
      const shard = env.JOB_COMPLETION_INDEX!;
      log(`of ${env.INGESTOR_SHARDS!}`);
      await (shard === '1' ? first : rest).opened;
      log('done');
      return 0;
    },
  });
  await test.submitShards(3);
  const { lines, states } = test.follow();
  await eventually('three lines', () => lines.length === 3);
  expect([...lines].sort()).toEqual(['shard 0 | of 3', 'shard 1 | of 3', 'shard 2 | of 3']);
  first.open();
  await eventually('the end of one', () => lines.includes('shard 1 | done'));
  expect((await test.state()).shards).toEqual({ count: 3, done: 1, running: 2, failed: [] });
  rest.open();
  expect(await states).toMatchObject([{ exitCode: 0 }]);
  expect(lines).toHaveLength(6);
});

it('explains a pod that does not start while others run, and gives up only when none does', async () => {
  const done = gate();
  let running = 0;
  const run = async () => (running++, await done.opened, 0);
  test.next({ run }, { unschedulable: '1 Insufficient cpu' }, { run });
  await test.submitShards(3);
  await eventually('two run', () => running === 2);
  const { told, states } = test.follow({ startTimeout: 0 });
  await eventually('why', () => told.join().includes('1 of 3 shards wait: No node has enough cpu'));
  const before = observations();
  await eventually('five more observations', () => observations() > before + 5);
  expect(await test.state()).toMatchObject({ phase: 'running', problem: { code: 'no-room' } });
  done.open();
  await expect(states).rejects.toMatchObject({
    code: 'no-room',
    message: expect.stringContaining('Job ingest-churn-train does not start. No node has enough cpu'),
  });
});

it('fails with the code of a shard that failed as often as it may; the others finish', async () => {
  test.next({ run: ({ env }) => (env.JOB_COMPLETION_INDEX === '2' ? 42 : 0) });
  await test.submitShards(3);
  const [state] = await test.follow().states;
  expect(state).toMatchObject({ phase: 'failed', exitCode: 42, shards: { count: 3, done: 2, failed: [2] } });
  expect(state!.pods.map(({ shard }) => shard).sort()).toEqual([0, 1, 2, 2, 2, 2]);
});

it('stops all shards when the configuration is wrong', async () => {
  const [underWay, stopped] = [gate(), { shards: 0 }];
  let started = 0;
  test.next({
    run: async (container) => {
      if (++started === 3) underWay.open();
      if (container.env.JOB_COMPLETION_INDEX === '1') return (await underWay.opened, 2);
      const code = await untilStopped(container);
      stopped.shards++;
      return code;
    },
  });
  await test.submitShards(3);
  expect(await test.follow().states).toMatchObject([{ exitCode: 2 }]);
  expect(stopped.shards).toBe(2);
});

it('lets each shard report bad data, and stops none for it', async () => {
  const reported = gate();
  test.next({
    run: async ({ env, log }) => {
      // The other shards end when the Job's failed shard has been counted.
      if (env.JOB_COMPLETION_INDEX !== '1') await reported.opened;
      return (log('what is wrong here'), 3);
    },
  });
  await test.submitShards(3);
  const { lines, states } = test.follow();
  const failedIndexes = () => JSON.stringify(test.kubernetes.list('jobs')).includes('"failedIndexes":"1"');
  await eventually('one shard has failed', failedIndexes);
  reported.open();
  expect(await states).toMatchObject([{ exitCode: 3, shards: { failed: expect.arrayContaining([0, 1, 2]) } }]);
  expect(lines.sort()).toEqual([0, 1, 2].map((shard) => `shard ${shard} | what is wrong here`));
});

it('fails with 3 when the data is not valid, even if another shard failed with 1 before', async () => {
  const [tries, failed] = [{ left: 4 }, gate()];
  test.next({
    run: async ({ env }) => {
      if (env.JOB_COMPLETION_INDEX === '1') return (await failed.opened, 3);
      if (--tries.left === 0) failed.open();
      return 1;
    },
  });
  await test.submitShards(2);
  expect(await test.follow().states).toMatchObject([{ exitCode: 3, shards: { failed: [1, 0] } }]);
});
