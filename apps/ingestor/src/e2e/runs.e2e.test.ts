import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, type Env, GOOD_CSV, yamlOf, World, type Row } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { shardFlags, outcomeOf } from './shards.test-support.js';
import { stopWhileStaging } from './staging.test-support.js';

const SHAPES = fileURLToPath(
  new URL('../../../../plugins/object-detection/samples/shapes/train.yaml', import.meta.url),
);
const RECORDS = 20_000;

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  // The tests look into the ledger, which this creates.
  for (const [, env] of stores) await session.run(['runs', 'clean', '--yes'], env());
  await world.write('good.csv', GOOD_CSV);
  const rows = Array.from({ length: RECORDS }, (_, index) => `${index},w,${index % 3}`);
  await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const stores = [
  ['MariaDB', () => world.local],
  ['the embedded database', () => world.embedded],
] as const;

async function configOf(table: string, csv = 'good.csv'): Promise<string> {
  return world.write(`${table}.yaml`, yamlOf({ table, csv, spec: { csv_options: { chunk_size: 65_536 } } }));
}

async function json<T>(args: readonly string[], env: Env): Promise<T> {
  const ended = await session.run([...args, '--json'], env);
  expect(outcomeOf(ended)).toMatch(/^0:/);
  return documentOf<T>(ended);
}

const runsOf = (table: string, env: Env) => json<Row[]>(['runs', 'list', '--table', table], env);

describe.each(stores)('in %s, the commands of runs', (name, envOf) => {
  let env: Env;
  const nameOf = (table: string) => (name === 'MariaDB' ? table : `${table}_embedded`);
  beforeEach(() => {
    env = envOf();
  });

  it('describe a run that is done', async () => {
    const table = nameOf('done');
    const { runId } = await json<IngestResult>(['ingest', '-c', await configOf(table)], env);
    const about = {
      runId,
      table,
      state: 'registered',
      staged: 3,
      sent: 0,
      shards: 1,
      host: hostname(),
      intent: 'train',
    };
    expect(await runsOf(table, env)).toMatchObject([about]);
    const { code, stdout } = await session.run(['runs', 'list'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${runId} +${table} +tabular_classification +train +registered +3 `, 'm'));
    expect(await json(['runs', 'show', runId.slice(0, 13)], env)).toMatchObject({
      ...about,
      resume: 'There is nothing left to do: the same command changes nothing.',
    });
    expect((await session.run(['runs', 'list', '--abandoned'], env)).stdout).not.toContain(runId);
  });

  it('keep what a live process works on, say what its resume would do, and remove it when the process is dead', async () => {
    const table = nameOf('cut');
    const run = await stopWhileStaging(world, await configOf(table, 'large.csv'), table, { ...env, BATCH_SIZE: '200' });
    const live = await json<{ removed: Row[]; kept: Row[] }>(['runs', 'clean', '--unfinished', '--yes'], env);
    const kept = live.kept.filter((one) => (one.run as Row | undefined)?.table === table);
    expect(kept).toMatchObject([{ reason: 'unfinished' }]);
    expect(kept[0]!.why).toMatch(`(process ${run.pid})`);
    run.kill('SIGKILL');
    await run.ended;

    const [{ runId, staged }] = (await runsOf(table, env)) as [{ runId: string; staged: number }];
    expect(staged).toBeLessThan(RECORDS);
    const shown = await session.run(['runs', 'show', runId], env);
    expect(shown.stdout).toContain(
      `checks the source from its start, continues writing after record ${staged}, then publishes and registers.`,
    );
    const staging = `_ingestor_stage_${runId}`;
    const listed = await session.run(['runs', 'list', '--abandoned'], env);
    expect(listed.stdout).toMatch(
      new RegExp(`^${runId} +${table} +staging +table ${staging} +runs clean --unfinished$`, 'm'),
    );

    expect((await session.run(['runs', 'clean', '--yes'], env)).code).toBe(0);
    const before = await world.traces();
    expect(Object.keys(before.tables).some((one) => one.endsWith(staging))).toBe(true);
    const unconfirmed = await session.run(['runs', 'clean', '--unfinished'], env);
    expect(unconfirmed).toMatchObject({ code: 2 });
    expect(unconfirmed.stderr).toContain('Confirm with --yes.');
    expect(await json(['runs', 'clean', '--unfinished', '--dry-run'], env)).toMatchObject({ removed: [] });
    expect(await world.traces()).toEqual(before);

    const cleaned = await session.run(['runs', 'clean', '--unfinished', '--yes'], env);
    expect(cleaned).toMatchObject({ code: 0, stdout: 'Removed what 1 run left.\n' });
    const after = await world.traces();
    expect(Object.keys(after.tables).some((one) => one.includes('_ingestor_stage_'))).toBe(false);
    expect(JSON.stringify(after.tables)).not.toContain(runId);
    expect(await json(['runs', 'show', runId], env)).toMatchObject({
      ...{ state: 'dropped', staged: 0 },
      resume: expect.stringMatching(/^There is nothing to resume: the run was dropped/) as unknown,
    });
    const again = await json<IngestResult>(['ingest', '-c', `${table}.yaml`], env);
    expect(again).toMatchObject({ outcome: 'ingested', inserted: RECORDS });
  });

  it('remove the ledger’s rows of a dataset that was replaced or deleted, and nothing of one that exists', async () => {
    const table = nameOf('replaced');
    const ingest = async () => json<IngestResult>(['ingest', '-c', await configOf(table), '--overwrite'], env);
    const first = await ingest();
    await world.write('good.csv', `${GOOD_CSV}4,x,p\n`);
    const second = await ingest();
    await world.write('good.csv', GOOD_CSV);
    expect(await json(['runs', 'clean', '--yes'], env)).toMatchObject({
      removed: [{ runId: first.runId, reason: 'gone', tables: [], folders: [] }],
    });
    const left = JSON.stringify((await world.traces()).tables);
    expect(left).not.toContain(first.runId);
    expect(left).toContain(second.runId);
    expect(await json(['ingest', '-c', await configOf(nameOf('other'))], env)).toMatchObject({ outcome: 'ingested' });
    expect((await session.run(['datasets', 'delete', table, '--yes'], env)).code).toBe(0);
    expect(JSON.stringify((await world.traces()).tables)).not.toContain(second.runId);
    expect(await json(['runs', 'clean', '--yes'], env)).toMatchObject({ abandoned: [] });
  });
});

it('runs clean removes the staged files of a run that was cut off', async () => {
  const env = { ...world.local, BATCH_SIZE: '2' };
  const run = await stopWhileStaging(world, SHAPES, 'shapes_train', env);
  run.kill('SIGKILL');
  await run.ended;
  const [found] = await runsOf('shapes_train', env);
  const folder = join(world.storage, '.ingestor', 'staging', found!.runId as string);
  expect(readdirSync(folder)).not.toEqual([]);
  expect((await session.run(['runs', 'list', '--abandoned'], env)).stdout).toContain(`${folder} `);
  expect((await session.run(['runs', 'clean', '--unfinished', '--yes'], env)).code).toBe(0);
  expect(existsSync(folder)).toBe(false);
});

it('runs clean removes the files of a run that another database may know only with --foreign', async () => {
  const file = join(world.storage, '.ingestor', 'staging', 'of-another', 'a.png');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, 'a');
  const listed = await session.run(['runs', 'list', '--abandoned'], world.local);
  expect(listed.stdout).toMatch(/^of-another +unknown +\/\S+\/of-another +runs clean --foreign$/m);
  expect((await session.run(['runs', 'clean', '--unfinished', '--yes'], world.local)).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('a');
  const clean = (...run: string[]) => session.run(['runs', 'clean', ...run, '--foreign', '--yes'], world.local);
  expect((await clean('of-a-third')).stdout).toBe('Run of-a-third has left nothing that these flags remove.\n');
  expect(readFileSync(file, 'utf8')).toBe('a');
  expect((await clean('of-another')).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

it('runs show names the shards that are missing, and runs clean removes what the others have staged', async () => {
  const config = await configOf('sharded', 'large.csv');
  expect(outcomeOf(await session.run(['ingest', '-c', config, ...shardFlags(1, 3)], world.local))).toMatch(/^0:/);
  const [{ runId, staged }] = (await runsOf('sharded', world.local)) as [{ runId: string; staged: number }];
  const { stdout } = await session.run(['runs', 'show', runId], world.local);
  expect(stdout).toMatch(new RegExp(`^ {4}1: staged, ${staged.toLocaleString('en-US')} records, process`, 'm'));
  expect(stdout).toContain('Of 3 shards 1 are done; shards 0, 2 must run');
  expect(await json(['runs', 'clean', '--unfinished', '--yes'], world.local)).toMatchObject({
    removed: [{ runId, tables: [`_ingestor_stage_${runId}`] }],
  });
});

it('a run that does not exist is an error that says how to list the runs', async () => {
  const ended = await session.run(['runs', 'show', 'nonsense'], world.local);
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain('The ledger has no run "nonsense".');
  expect(ended.stderr).toContain('ingestor runs list');
});
