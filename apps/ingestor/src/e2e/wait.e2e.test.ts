import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, type Env, type Running, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { shardFlags } from './shards.test-support.js';
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

it('a run that waits ends immediately on SIGTERM, and another continues when the first is done', async () => {
  const first = await hold('waited', world.local);
  const [second, third] = [1, 2].map(() =>
    world.start(['ingest', '-c', 'waited.yaml', '--wait', '--json'], world.local),
  );
  await Promise.all([expectWaiting(second!, first), expectWaiting(third!, first)]);
  const sentAt = performance.now();
  third!.kill('SIGTERM');
  const interrupted = await third!.ended;
  // A run whose wait does not end is ended after 8 s.
  expect(performance.now() - sentAt).toBeLessThan(7000);
  expect(interrupted).toMatchObject({ code: 130, stderr: expect.stringContaining('The run was interrupted.') });
  first.kill('SIGCONT');
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(documentOf(await second!.ended)).toMatchObject({ outcome: 'unchanged', inserted: RECORDS });
});

it('a run that waits for the embedded database takes over what the first had staged when it was killed', async () => {
  const first = await hold('inherited', world.embedded);
  const second = world.start(['ingest', '-c', 'inherited.yaml', '--json'], {
    ...world.embedded,
    INGESTOR_WAIT: 'true',
  });
  await expectWaiting(second, first);
  first.kill('SIGKILL');
  expect(documentOf(await second.ended)).toMatchObject({ outcome: 'resumed', inserted: RECORDS });
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
