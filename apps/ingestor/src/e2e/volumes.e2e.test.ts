import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  documentOf,
  type Ended,
  type Env,
  GOOD_CSV,
  yamlOf,
  World,
  type Row,
} from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';
import { filesOf, names, outcomeOf } from './shards.test-support.js';

const SHAPES = fileURLToPath(new URL('../../../../plugins/object-detection/samples/shapes/train', import.meta.url));

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });

/** Returns whether this process may mount volumes. */
function isMountingPermitted(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-mount-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    console.warn('Not tested: to mount a volume, the test needs root.');
    return false;
  } finally {
    rmdirSync(folder);
  }
}

const describeMounted = isMountingPermitted() ? describe : describe.skip;

let world: World;
let session: CommandSession;
let volume: string;

const enlarge = () => mount('-o', 'remount,size=32m', volume);
const onVolume = (env: Env): Env => ({ ...env, STORAGE_PATH: volume, BATCH_SIZE: '500' });
const ingest = (config: string, env: Env, ...flags: string[]) =>
  session.run(['ingest', '-c', config, '--json', ...flags], env);

function expectFull(ended: Ended, message: string): void {
  expect(ended).toMatchObject({ code: 1 });
  expect(documentOf(ended)).toMatchObject({
    error: {
      code: 'storage-full',
      message,
      fix: [expect.stringMatching(/^Free space on the volume, then run the same command again: it continues/)],
    },
  });
  expect(ended.stderr).not.toMatch(/^\s+at /m);
}

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  await world.write('good.csv', GOOD_CSV);
  volume = join(world.folder, 'volume');
  mkdirSync(volume);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

describeMounted('on a volume', () => {
  beforeEach(() => {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', volume);
  });
  afterEach(() => {
    execFileSync('umount', [volume]);
  });

  it('that fills up with rows of the embedded database, the run ends, and continues when there is room; the old dataset stays', async () => {
    const env = onVolume(world.embedded);
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},x,${i % 2}`);
    await world.write('large.csv', `a,b,y\n${rows.join('\n')}\n`);
    const old = await world.write('old.yaml', yamlOf({ table: 'numbers' }));
    const large = await world.write('large.yaml', yamlOf({ table: 'numbers', csv: 'large.csv' }));
    const content = (storage: string) =>
      world.embeddedTables(storage).numbers!.rows.map(({ id, a, b, label }: Row) => [id, a, b, label]);
    expect(outcomeOf(await ingest(old, env))).toMatch(/^0:/);
    const before = content(volume);
    const full = `The volume of the embedded database "${join(volume, 'embedded.sqlite')}" is full.`;

    expectFull(await ingest(large, env, '--overwrite'), full);
    expect(content(volume)).toEqual(before);
    expect(outcomeOf(await session.run(['datasets', 'verify', 'numbers'], env))).toMatch(/^0:/);

    enlarge();
    const completed = await ingest(large, env, '--overwrite');
    expect(documentOf(completed)).toMatchObject({ outcome: 'resumed', inserted: 20_000 });
    expect(outcomeOf(await ingest(large, world.embedded))).toMatch(/^0:/);
    expect(content(volume)).toEqual(content(world.storage));
    expect(outcomeOf(await session.run(['datasets', 'verify', 'numbers'], env))).toMatch(/^0:/);

    // With no byte left, a database that is closed cannot even be opened.
    const blocker = join(volume, 'blocker');
    expect(() => writeFileSync(blocker, Buffer.alloc(64 << 20))).toThrow('ENOSPC');
    expectFull(await ingest(old, env, '--overwrite'), full);
    rmSync(blocker);
    expect(content(volume)).toHaveLength(20_000);
    expect(documentOf(await ingest(old, env, '--overwrite'))).toMatchObject({ outcome: 'ingested', inserted: 3 });
  });

  it.each(['a new', "an earlier version's"])(
    'with %s embedded database, there is room again when a dataset is deleted',
    async (whose) => {
      mount('-o', 'remount,size=14m', volume);
      const env = onVolume(world.embedded);
      if (whose !== 'a new') {
        const database = new DatabaseSync(join(volume, 'embedded.sqlite'));
        database.exec('PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL; CREATE TABLE other (x)');
        database.close();
      }
      const rows = Array.from({ length: 10_000 }, (_, i) => `${i},${'x'.repeat(400)},${i % 2}`);
      await world.write('long.csv', `a,b,y\n${rows.join('\n')}\n`);
      const config = await world.write(
        'long.yaml',
        yamlOf({ table: 'lengthy', csv: 'long.csv', schema: { a: 'INT', b: 'TEXT' } }),
      );
      for (let round = 0; round < 2; round++) {
        expect(outcomeOf(await ingest(config, env))).toMatch(/^0:/);
        expect(outcomeOf(await session.run(['datasets', 'delete', 'lengthy', '--yes'], env))).toMatch(/^0:/);
      }
      if (whose === 'a new') expect(statSync(join(volume, 'embedded.sqlite')).size).toBeLessThan(1 << 20);
    },
  );

  it('that fills up with images, the run ends, and continues when there is room; the old dataset stays', async () => {
    const env = onVolume(world.local);
    const configOf = (name: string, size: number) =>
      world.write(
        `${name}.yaml`,
        JSON.stringify({
          apiVersion: 'tracebloc.io/v1',
          kind: 'IngestConfig',
          ...{ category: 'object_detection', table: 'shapes', intent: 'train', csv: join(SHAPES, 'labels.csv') },
          ...{ label: 'shape', target_size: [size, size] },
        }),
      );
    const [small, large] = [await configOf('small', 64), await configOf('larger', 600)];
    const folder = join(volume, 'shapes');
    expect(outcomeOf(await ingest(small, env))).toMatch(/^0:/);
    const before = { files: filesOf(folder), rows: await world.rows('shapes') };
    // This leaves room for some of the new images.
    const blocker = join(volume, 'blocker');
    writeFileSync(blocker, Buffer.alloc(600 << 10));

    expectFull(await ingest(large, env, '--overwrite'), `The shared volume at ${volume} is full.`);
    expect({ files: filesOf(folder), rows: await world.rows('shapes') }).toEqual(before);
    expect(outcomeOf(await session.run(['datasets', 'verify', 'shapes'], env))).toMatch(/^0:/);
    truncateSync(blocker);
    enlarge();
    expect(documentOf(await ingest(large, env, '--overwrite'))).toMatchObject({ outcome: 'resumed' });
    const completed = filesOf(folder);
    expect(outcomeOf(await session.run(['datasets', 'verify', 'shapes'], env))).toMatch(/^0:/);
    for (const kind of ['staging', 'partial']) expect(names(join(volume, '.ingestor', kind))).toEqual([]);

    await session.run(['datasets', 'delete', 'shapes', '--yes'], env);
    expect(outcomeOf(await ingest(large, world.local))).toMatch(/^0:/);
    expect(completed).toEqual(filesOf(join(world.storage, 'shapes')));
  });

  it('that is read-only, every command works that only reads', async () => {
    mount('-o', 'remount,size=8m', volume);
    const env = onVolume(world.embedded);
    const remount = (mode: string) => mount('-o', `remount,${mode}`, volume);
    remount('ro');
    expect(outcomeOf(await session.run(['datasets', 'list'], env))).toMatch(/^0:\s*No datasets in SQLite file/);

    remount('rw');
    const ingested = await ingest(await world.write('fresh.yaml', yamlOf()), env);
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
      expect([command, outcomeOf(ended)]).toEqual([command, expect.stringMatching(/^0:/)]);
      expect(ended.stdout).toContain(says);
    }
    expect(readdirSync(volume)).toEqual(before);
  });
});
