import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { documentOf, type Running, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { outcomeOf } from './shards.test-support.js';
import { stopWhileStaging } from './staging.test-support.js';

let world: World;
let session: CommandSession;
let table = '';
let file: string;
let config: string;
let tables = 0;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  file = join(world.storage, 'embedded.sqlite');
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},x,${i % 2}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
  await world.write('good.csv', GOOD_CSV);
  const first = await world.write('first.yaml', yamlOf({ table: 'first' }));
  expect(outcomeOf(await session.run(['ingest', '-c', first], world.embedded))).toMatch(/^0:/);
});
beforeEach(async () => {
  table = `t${tables++}`;
  config = await world.write(`${table}.yaml`, yamlOf({ table, csv: 'large.csv' }));
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const stage = () => stopWhileStaging(world, config, table, { ...world.embedded, BATCH_SIZE: '200' }, ['--json']);
const resume = (run: Running) => {
  run.kill('SIGCONT');
  return run.ended;
};

describe('on SIGTERM, while another process has the embedded database locked,', () => {
  let other: DatabaseSync;
  const lock = () => {
    other = new DatabaseSync(file, { timeout: 10_000 });
    other.exec('BEGIN IMMEDIATE');
  };

  async function expectStopped(run: Running): Promise<void> {
    const sentAt = performance.now();
    run.kill('SIGTERM');
    const ended = await run.ended;
    other.close();
    expect(outcomeOf(ended)).toMatch(/^130:/);
    expect(performance.now() - sentAt).toBeLessThan(7000);
  }

  it('a run that writes a batch ends within seconds, and the same command completes it', async () => {
    const run = await stage();
    lock();
    run.kill('SIGCONT');
    await expectStopped(run);
    expect(documentOf(await session.run(['ingest', '-c', config, '--json'], world.embedded))).toMatchObject({
      ...{ outcome: 'resumed', inserted: 20_000 },
    });
  });

  it.each(['delete', 'clean'])('%s ends within seconds', async (kind) => {
    expect(outcomeOf(await session.run(['ingest', '-c', config], world.embedded))).toMatch(/^0:/);
    if (kind === 'clean') {
      const database = new DatabaseSync(file);
      database.exec(`UPDATE _ingestor_runs SET state = 'superseded' WHERE table_name = '${table}'`);
      database.close();
    }
    lock();
    const args = kind === 'delete' ? ['datasets', 'delete', table, '--yes'] : ['runs', 'clean', '--yes'];
    const run = world.start(args, world.embedded);
    const isWaiting = () => readdirSync(world.storage).some((name) => name.endsWith('.lock'));
    await until(run, isWaiting);
    await expectStopped(run);
    if (kind === 'delete') expect(outcomeOf(await session.run(args, world.embedded))).toMatch(/^0:/);
  });
});

describe('while rows are staged', () => {
  it('an embedded database that is removed is reported as lost, and no output says that there is a dataset', async () => {
    const run = await stage();
    for (const end of ['', '-wal', '-shm']) renameSync(file + end, `${file}${end}.aside`);
    const ended = await resume(run);
    expect(ended).toMatchObject({ code: 1 });
    expect(documentOf(ended)).toMatchObject({ error: { code: 'storage-lost' } });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(documentOf(await session.run(['ingest', '-c', config, '--json'], world.embedded))).toMatchObject({
      ...{ outcome: 'ingested', inserted: 20_000 },
    });
  });

  it('the file of its lock is removed, and a second process completes the run', async () => {
    const run = await stage();
    for (const name of readdirSync(world.storage)) if (name.endsWith('.lock')) rmSync(join(world.storage, name));
    const second = await session.run(['ingest', '-c', config, '--json'], world.embedded);
    expect(documentOf(second)).toMatchObject({ outcome: 'resumed', inserted: 20_000 });
    const first = await resume(run);
    expect(first).toMatchObject({ code: 1 });
    expect(documentOf(first)).toMatchObject({ error: { code: 'lock-lost' } });
    expect(outcomeOf(await session.run(['datasets', 'verify', table], world.embedded))).toMatch(/^0:/);
  });
});

it('no command leaves the file of a lock', async () => {
  expect(outcomeOf(await session.run(['ingest', '-c', config], world.embedded))).toMatch(/^0:/);
  expect(outcomeOf(await session.run(['datasets', 'delete', table, '--yes'], world.embedded))).toMatch(/^0:/);
  expect(outcomeOf(await session.run(['runs', 'clean', '--yes'], world.embedded))).toMatch(/^0:/);
  expect(readdirSync(world.storage).filter((name) => name.endsWith('.lock'))).toEqual([]);
});
