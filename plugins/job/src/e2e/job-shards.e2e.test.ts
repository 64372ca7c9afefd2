import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, type Running, World } from '@tracebloc/ingestor-testing/command';
import type { JobState } from '../services/state.js';
import { eventually } from '../testing/wait.test-support.js';
import { JOB, JobWorld, runIngestor } from './job.test-support.js';

const RECORDS = 6000;
const TABLE = 'whole';

let world: JobWorld;
let data: World;

beforeAll(async () => {
  [world, data] = await Promise.all([JobWorld.start(), World.start()]);
});
afterAll(() => Promise.all([world.stop(), data.stop()]));

/** Writes a dataset and returns the arguments that submit it. */
async function submission(): Promise<string[]> {
  const csv = join(data.storage, `${TABLE}.csv`);
  const rows = Array.from({ length: RECORDS }, (_, row) => `${row},w${row},${row % 3}`);
  await writeFile(csv, `a,b,y\n${rows.join('\n')}\n`);
  await world.config(`${TABLE}.yaml`, { table: TABLE, csv });
  const env = Object.entries({ ...data.local, BATCH_SIZE: '100' }).filter(([name]) => name !== 'DB_PASSWORD');
  const variables = env.flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['submit', '-c', `${TABLE}.yaml`, '--shards', '3', '--name', JOB, '--create-secret-from-env', ...variables];
}

/** Returns how many batches the shard has committed. */
async function batchesOf(shard: number): Promise<number> {
  const [row] = await data.mariaDb
    .sql(
      `SELECT COUNT(*) AS n FROM ${data.database}._ingestor_batches b JOIN ${data.database}._ingestor_runs r ` +
        `ON r.run_id = b.run_id WHERE r.table_name = '${TABLE}' AND b.shard = ${shard}`,
    )
    // The ledger's tables do not exist yet.
    .catch(() => [{ n: 0 }]);
  return Number(row!.n);
}

it('three pods over one database and one volume complete a dataset, although one is killed', async () => {
  let victim: Running | undefined;
  world.next({
    run: async (container) =>
      runIngestor(world.folder, container, (running) => {
        if (container.env.JOB_COMPLETION_INDEX === '1') victim ??= running;
      }),
  });
  const submitted = world.start(await submission(), { DB_PASSWORD: data.mariaDb.password });
  await eventually('a pod', () => victim !== undefined);
  while ((await batchesOf(1)) < 3) await sleep(5);
  victim!.kill('SIGKILL');

  const ended = await submitted.ended;
  expect(ended.code).toBe(0);
  expect(ended.stderr).toMatch(/^ingest-churn-train: Kubernetes starts shard 1 again, in pod ingest-churn-train-1-/m);
  const lines = ended.stdout.trim().split('\n');
  expect(lines.filter((line) => !/^shard [012] \| /.test(line))).toEqual([]);
  const lastOf = [0, 1, 2].map((shard) => lines.findLast((line) => line.startsWith(`shard ${shard} | `))!.slice(10));
  expect(lastOf.sort()).toEqual([
    'All records processed successfully',
    'This shard is done; the dataset is published when all are',
    'This shard is done; the dataset is published when all are',
  ]);

  const { pods, shards } = documentOf<JobState>(await world.run(['status', JOB, '--json']));
  expect(shards).toEqual({ count: 3, done: 3, running: 0, failed: [] });
  expect(pods.map(({ shard, exitCode }) => [shard, exitCode]).sort()).toEqual([
    [0, 0],
    [1, 0],
    [1, 137],
    [2, 0],
  ]);
  const rows = await data.rows(TABLE);
  expect(rows.map(({ id, b }) => [Number(id), b])).toEqual(
    Array.from({ length: RECORDS }, (_, row) => [row + 1, `w${row}`]),
  );
  expect(await data.staged()).toEqual([]);
});
