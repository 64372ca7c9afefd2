import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type Passage, type TcpProxy } from '@tracebloc/ingestor-testing';
import { type Ended, type Env, type Running, World } from '@tracebloc/ingestor-testing/command';
import { callsOf, hold, ingestUndisturbed, onBench, SECOND_BATCH, until } from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { names } from './shards.test-support.js';

/** A third of the time that the manifests give a pod (terminationGracePeriodSeconds). A run leaves open work after 8 s. */
const MOST_SECONDS = 20;

let world: World;
let session: CommandSession;
let undisturbed: unknown;
/** In front of the database. */
let database: TcpProxy;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  undisturbed = await ingestUndisturbed(world);
  database = await startTcpProxy(world.mariaDb);
});
afterEach(() => database.intercept());
afterAll(async () => {
  await Promise.all([database.stop(), session.stop()]);
  await world.stop();
});

const about = (table: string) => ({ world, session, table, undisturbed });
const throughProxy = (): Env => ({ MYSQL_PORT: String(database.port) });

/** Sends the signal, releases what holds the run, and checks how the run ends. */
async function expectStopped(run: Running, signal: NodeJS.Signals = 'SIGTERM', release?: () => void): Promise<Ended> {
  const sentAt = performance.now();
  run.kill(signal);
  await until(run, () => run.output.stderr.includes(`Stopping on ${signal}: finishing the batch under way.`));
  release?.();
  const ended = await run.ended;
  expect((performance.now() - sentAt) / 1000).toBeLessThan(MOST_SECONDS);
  expect(ended).toMatchObject({ code: 130, stdout: '' });
  expect(ended.stderr).toContain('Error: The run was interrupted.');
  expect(ended.stderr).toContain('Run the same command again: it continues at the last committed batch.');
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  return ended;
}

describe('asked to stop, a run does so, and the same command completes it:', () => {
  it('SIGTERM while files are copied and a batch of their rows is written', () =>
    onBench(about('copying'), async ({ table, start, ingest }) => {
      const batch = hold(database, (_, text) => text.includes('INSERT INTO `_ingestor_batches`'));
      const run = start(throughProxy());
      const staging = join(world.storage, '.ingestor', 'staging');
      await until(run, () => batch.reached && names(staging).some((id) => names(join(staging, id)).length >= 3));
      await expectStopped(run, 'SIGTERM', () => batch.release());
      expect(existsSync(join(world.storage, table))).toBe(false);
      expect((await world.mariaDb.sql(`SHOW TABLES FROM ${world.database} LIKE '${table}'`)).length).toBe(0);
      return { ended: await ingest() };
    }));

  it('SIGINT while rows are published', () =>
    onBench(about('publishing'), async ({ backend, start, ingest }) => {
      const rename = hold(database, (_, text) => text.includes('RENAME TABLE'));
      const run = start(throughProxy());
      await until(run, () => rename.reached);
      const { stderr } = await expectStopped(run, 'SIGINT', () => rename.release());
      expect(stderr).toContain('is complete in the database with 5 records, but not registered yet.');
      expect(callsOf(backend)).toEqual([]);
      return { ended: await ingest() };
    }));

  it('SIGTERM while a batch is registered, which is not sent again', () =>
    onBench(about('registering'), async ({ proxy, start, ingest }) => {
      let isSecond = false;
      const answer = hold(proxy, ({ direction }, text) => {
        if (direction === 'to-server') isSecond = SECOND_BATCH.test(text);
        return isSecond && direction === 'to-client';
      });
      const run = start();
      await until(run, () => answer.reached);
      const { stderr } = await expectStopped(run, 'SIGTERM', () => answer.release());
      expect(stderr).toContain('has acknowledged 5 of them.');
      return { ended: await ingest() };
    }));

  it('SIGINT while a call is made, which is not made again', () =>
    onBench(about('calling'), async ({ backend, start, ingest }) => {
      const gate = Promise.withResolvers<undefined>();
      backend.fail({ match: 'GET /global_meta/prepare/', until: gate.promise });
      const run = start();
      await until(run, () => backend.requests.length === 5);
      await expectStopped(run, 'SIGINT', () => gate.resolve(undefined));
      return { ended: await ingest() };
    }));

  it('SIGTERM while it waits for as long as the backend has asked', () =>
    onBench(about('waiting'), async ({ backend, start, ingest }) => {
      const headers = { 'Retry-After': '300' };
      backend.fail({ match: 'GET /global_meta/prepare/', status: 503, headers });
      const run = start({ BACKEND_RETRY_SECONDS: '600' });
      await until(run, () => run.output.stderr.includes('trying again in 300.0 s.'));
      await expectStopped(run);
      return { ended: await ingest() };
    }));

  it('SIGTERM while it signs in', () =>
    onBench(about('signing_in'), async ({ backend, start, ingest }) => {
      const login = { BACKEND_TOKEN: '', CLIENT_ID: 'fake-client', CLIENT_PASSWORD: 'fake-password' };
      backend.fail({ match: 'POST /api-token-auth/', until: new Promise(() => undefined) });
      const run = start(login);
      await until(run, () => backend.requests.length === 1);
      await expectStopped(run);
      return { ended: await ingest(login) };
    }));
});

it('SIGUSR1 changes nothing, and does not open the debugger of Node', async () => {
  await onBench(about('debugged'), async ({ backend, start }) => {
    const gate = Promise.withResolvers<undefined>();
    backend.fail({ match: 'GET /global_meta/prepare/', until: gate.promise });
    const run = start();
    await until(run, () => backend.requests.length === 5);
    run.kill('SIGUSR1');
    const status = () => readFileSync(`/proc/${run.pid}/status`, 'utf8');
    await until(run, () => /^ShdPnd:\s0+$/m.test(status()));
    expect(listeningSockets(run.pid)).toEqual([]);
    gate.resolve(undefined);
    const ended = await run.ended;
    expect(listeningSockets(process.pid).length).toBeGreaterThan(0);
    expect(ended.stderr).not.toContain('Debugger');
    return { ended };
  });
});

/** Returns the inodes of the TCP sockets on which a process listens. */
function listeningSockets(pid: number): string[] {
  const files = readdirSync(`/proc/${pid}/fd`).map((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      // The file was closed meanwhile.
      return '';
    }
  });
  const sockets = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').split('\n'));
  const inodes = sockets
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields) => (fields[3] === '0A' ? [fields[9]!] : []));
  return inodes.filter((inode) => files.includes(`socket:[${inode}]`));
}

it('SIGTERM before anything has begun ends the process, which handles the signal as the first of a container must', async () => {
  const config = join(world.folder, 'pipe.yaml');
  execFileSync('mkfifo', [config]);
  const run = world.start(['ingest', '-c', config]);
  // This returns when the process opens the pipe, which then waits for the first byte.
  const pipe = await open(config, 'w');
  run.kill('SIGTERM');
  await until(run, () => run.output.stderr !== '');
  await pipe.close();
  expect(await run.ended).toMatchObject({ code: 130, stdout: '', stderr: 'Stopped on SIGTERM.\n' });
});

it('asked to stop, a run ends that waits in vain for an answer, and the same command completes it', async () => {
  const cases = [
    // The server sends the first message of a connection.
    ['connecting', ({ direction }: Passage) => direction === 'to-client'],
    ['hanging', (_: Passage, text: string) => text.includes('INSERT INTO `_ingestor_batches`')],
    ['stuck', (_: Passage, text: string) => text.includes('RENAME TABLE')],
  ] as const;
  const withoutDatabase = cases.map(([table, matches]) =>
    onBench(about(table), async ({ start, ingest }) => {
      const proxy = await startTcpProxy(world.mariaDb);
      const held = hold(proxy, matches);
      const run = start({ MYSQL_PORT: String(proxy.port) });
      try {
        await until(run, () => held.reached);
        await expectStopped(run);
      } finally {
        await proxy.stop();
      }
      return { ended: await ingest() };
    }),
  );
  const withoutBackend = onBench(about('unanswered'), async ({ backend, proxy, start, ingest }) => {
    const held = hold(proxy, ({ direction }) => direction === 'to-client' && callsOf(backend).includes('prepare'));
    const run = start();
    await until(run, () => held.reached);
    await expectStopped(run);
    // Nobody can know whether the call arrived.
    return { ended: await ingest(), repeated: ['prepare'] };
  });
  await Promise.all([...withoutDatabase, withoutBackend]);
});
