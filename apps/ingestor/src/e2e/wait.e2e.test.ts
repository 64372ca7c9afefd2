import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, type Env, type Running, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { shardFlags, told } from './shards.test-support.js';
import { stopWhileStaging } from './staging.test-support.js';

const RECORDS = 20_000;

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  for (const env of [world.local, world.embedded]) await session.run(['runs', 'clean', '--yes'], env);
  const rows = Array.from({ length: RECORDS }, (_, index) => `${index},w,${index % 3}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

async function hold(table: string, env: Env): Promise<Running> {
  const yaml = yamlOf({ table, csv: 'large.csv', spec: { csv_options: { chunk_size: 65_536 } } });
  return stopWhileStaging(world, await world.write(`${table}.yaml`, yaml), table, { ...env, BATCH_SIZE: '200' });
}

/** Waits until the run has said which process it waits for. */
async function expectWaiting(run: Running, holder: Running): Promise<void> {
  await until(run, () => run.output.stderr.includes('Waiting until it is free.'));
  expect(run.output.stderr).toContain(`(process ${holder.pid}), since `);
}

it.each([
  ['MariaDB', () => world.local],
  ['the embedded database', () => world.embedded],
])('a second run waits for the first, says once which run that is, and continues: %s', async (name, envOf) => {
  const table = name === 'MariaDB' ? 'waited' : 'waited_embedded';
  const first = await hold(table, envOf());
  const second = world.start(['ingest', '-c', `${table}.yaml`, '--wait', '--json'], envOf());
  await expectWaiting(second, first);
  // It looks for the lock again, and does not say so again.
  await sleep(1200);
  first.kill('SIGCONT');
  expect(await first.ended).toMatchObject({ code: 0 });
  const ended = await second.ended;
  expect(told(ended)).toMatch(/^0:/);
  expect(documentOf(ended)).toMatchObject({ outcome: 'unchanged', inserted: RECORDS });
  expect(ended.stderr.split('Waiting until it is free.')).toHaveLength(2);
});

it('a run that waits takes over what the first had staged when it was killed', async () => {
  const first = await hold('inherited', world.local);
  const second = world.start(['ingest', '-c', 'inherited.yaml', '--json'], { ...world.local, INGESTOR_WAIT: 'true' });
  await expectWaiting(second, first);
  first.kill('SIGKILL');
  expect(documentOf(await second.ended)).toMatchObject({ outcome: 'resumed', inserted: RECORDS });
});

it('a run that waits ends immediately on SIGTERM', async () => {
  const first = await hold('endless', world.local);
  const second = world.start(['ingest', '-c', 'endless.yaml', '--wait'], world.local);
  await expectWaiting(second, first);
  second.kill('SIGTERM');
  const ended = await second.ended;
  first.kill('SIGKILL');
  await first.ended;
  expect(ended).toMatchObject({ code: 130 });
  expect(ended.stderr).toContain('The run was interrupted.');
});

it('a second process of a shard waits for the first, and has nothing left to do', async () => {
  await world.write('shard.yaml', yamlOf({ table: 'shard', csv: 'large.csv' }));
  const shard = shardFlags(0, 2);
  const first = await stopWhileStaging(world, 'shard.yaml', 'shard', { ...world.local, BATCH_SIZE: '200' }, shard);
  const second = world.start(['ingest', '-c', 'shard.yaml', ...shard, '--wait', '--json'], world.local);
  await expectWaiting(second, first);
  first.kill('SIGCONT');
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(documentOf(await second.ended)).toMatchObject({ outcome: 'staged', shard: { index: 0, done: 1 } });
});
