import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GOOD_CSV, yamlOf, documentOf, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { told } from './shards.test-support.js';

let world: World;
let session: CommandSession;
let volume: string;
let isMounted = false;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await world.write('good.csv', GOOD_CSV);
  volume = join(world.folder, 'volume');
  mkdirSync(volume);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', volume], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    console.warn('Not tested: to mount a volume, the test needs root.');
  }
});
afterAll(async () => {
  if (isMounted) execFileSync('umount', ['-l', volume]);
  await session.stop();
  await world.stop();
});

it('every command that only reads does so on a read-only volume', async () => {
  if (!isMounted) return;
  const env = { ...world.embedded, STORAGE_PATH: volume };
  const remount = (mode: string) => execFileSync('mount', ['-o', `remount,${mode}`, volume]);
  remount('ro');
  expect(told(await session.run(['datasets', 'list'], env))).toMatch(/^0:\s*No datasets in SQLite file/);

  remount('rw');
  const config = await world.write('fresh.yaml', yamlOf());
  const ingested = await session.run(['ingest', '-c', config, '--json'], env);
  const { runId } = documentOf<{ runId: string }>(ingested);
  remount('ro');
  const before = readdirSync(volume);
  const commands = {
    'datasets list': 'fresh',
    'datasets show fresh': 'fresh',
    'datasets verify fresh': 'fresh',
    'runs list': 'fresh',
    'runs list --abandoned': 'Nothing is abandoned',
    [`runs show ${runId}`]: 'There is nothing left to do',
    'runs clean --dry-run': 'Nothing is abandoned',
  };
  for (const [command, says] of Object.entries(commands)) {
    const ended = await session.run(command.split(' '), env);
    expect([command, told(ended)]).toEqual([command, expect.stringMatching(/^0:/)]);
    expect(ended.stdout).toContain(says);
  }
  expect(readdirSync(volume)).toEqual(before);
});
