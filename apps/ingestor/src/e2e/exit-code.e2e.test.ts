import { once } from 'node:events';
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { BIN, documentOf, start, type Ended, type Env, GOOD_CSV, yamlOf } from '@tracebloc/ingestor-testing/command';
import { until } from './faults.test-support.js';

let folder: string;
let backend: FakeBackend;
/** A run whose proxy connects and then sends nothing. It takes ten seconds, while the tests run others. */
let silent: Promise<Ended>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-lost-'));
  backend = await startFakeBackend();
  await writeFile(join(folder, 'good.csv'), GOOD_CSV);
  await writeFile(join(folder, 'bad.csv'), 'a,b,y\nx,x,p\n');
  for (const table of ['full', 'gone', 'late']) await writeFile(join(folder, `${table}.yaml`), yamlOf({ table }));
  await writeFile(join(folder, 'bad.yaml'), yamlOf({ table: 'bad', csv: 'bad.csv' }));
  silent = ingestThroughSilentProxy();
});
afterAll(async () => {
  await backend.stop();
  await rm(folder, { recursive: true });
});

const local = (): Env => ({ CLIENT_ENV: 'local', STORAGE_PATH: folder });

/** Runs the command in a shell that redirects its streams, such as `"$@" | true`. */
function run(shell: string, ...args: string[]): Promise<Ended> {
  const program = ['bash', '-o', 'pipefail', '-c', shell, 'bash', process.execPath, BIN];
  return start(args, { env: local(), cwd: folder, program }).ended;
}

/** Returns the number of the dataset's records, as the catalog says, and `undefined` if it has no such dataset. */
function records(table: string): unknown {
  const database = new DatabaseSync(join(folder, 'training_test_datasets.sqlite'), { readOnly: true });
  const found = database.prepare('SELECT records FROM _ingestor_datasets WHERE table_name = ?').get(table);
  database.close();
  return found?.records;
}

const NOTE = 'Not all of the output could be written: ENOSPC.\n';

describe('the exit code says what happened to the data, whatever happened to the output:', () => {
  it('a registered dataset is a success when stdout has no room', async () => {
    const { code, stderr } = await run('"$@" >/dev/full', 'ingest', '-c', 'full.yaml');
    expect([code, stderr]).toEqual([0, `All records processed successfully\n${NOTE}`]);
    expect(records('full')).toBe(3);
  });

  it.each([
    ['nobody reads either', 'exec 3> >(true) && wait $!; "$@" >&3 2>&3'],
    ['both are closed', '"$@" >&- 2>&-'],
  ])('a registered dataset is a success when %s', async (_what, shell) => {
    expect(await run(shell, 'ingest', '-c', 'gone.yaml')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(records('gone')).toBe(3);
  });

  it.each([[['datasets', 'list', '--json']], [['validate', '-c', 'full.yaml', '--json']], [['ingest', '--help']]])(
    'a command that only shows something fails when its output is lost: %j',
    async (args) => {
      expect(await run('"$@" >/dev/full', ...args)).toMatchObject({ code: 1, stderr: NOTE });
    },
  );

  it('invalid data is a failure when stdout has no room, and a command whose reader stops early succeeds', async () => {
    expect(await run('"$@" >/dev/full', 'validate', '-c', 'bad.yaml')).toMatchObject({ code: 3, stderr: NOTE });
    expect(await run('"$@" | true', 'datasets', 'list')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a report', () => {
  it('that cannot be written is found before anything is read', async () => {
    const ended = await run('"$@"', 'ingest', '-c', 'bad.yaml', '--report', '/dev/full');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^Error: The report \/dev\/full cannot be written: there is no room left \(ENOSPC\)\.\n/,
    );
    expect(records('bad')).toBeUndefined();
  });

  it('that cannot be written at the end leaves the dataset registered, and is an error on stderr', async () => {
    await mkdir(join(folder, 'reports'));
    const gate = Promise.withResolvers<undefined>();
    backend.fail({ match: /global_meta\/late/, until: gate.promise });
    const env = { CLIENT_ENV: 'prod', BACKEND_URL: backend.url, BACKEND_TOKEN: backend.token };
    const args = ['ingest', '-c', 'late.yaml', '--report', 'reports/r.json'];
    const running = start(args, { env: { ...local(), ...env }, cwd: folder });
    await until(running, () => backend.requests.some(({ url }) => url.includes('global_meta/late')));
    expect(await readdir(join(folder, 'reports'))).toEqual([]);
    await rm(join(folder, 'reports'), { recursive: true });
    gate.resolve(undefined);
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('late is ingested and registered') });
    expect(ended.stderr).toContain('Error: The report reports/r.json cannot be written: its folder does not exist');
    expect(ended.stderr).toMatch(/All records processed successfully\n$/);
  });
});

it('a file of init that cannot be written is found before anything is read', async () => {
  await mkdir(join(folder, 'there'));
  const ended = await run('"$@"', 'init', 'bad.csv', '--label', 'y', '--force', '--output', 'there');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^Error: \S+\/there cannot be written: EISDIR\./);
});

/** Replaces what opens files by what never answers, so that the command waits for nothing that could happen. */
const NEVER =
  'data:text/javascript,import fs from "node:fs";import{syncBuiltinESMExports}from"node:module";' +
  'fs.promises.open=()=>new Promise(()=>{});syncBuiltinESMExports()';

it('a command that waits for what can never come ends with 1 and an error', async () => {
  const env = { ...local(), NODE_OPTIONS: `--import=${NEVER.replaceAll(' ', '%20').replaceAll('"', '%22')}` };
  const ended = await start(['validate', '-c', 'full.yaml', '--json'], { env, cwd: folder }).ended;
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain('Error: The command waits for something that can never come');
  expect(ended.stderr).not.toContain('top-level await');
  expect(documentOf(ended)).toMatchObject({ error: { code: 'unended' } });
});

async function ingestThroughSilentProxy(): Promise<Ended> {
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const storage = join(folder, 'silent');
  await mkdir(storage);
  const ended = await start(['ingest', '-c', 'full.yaml'], {
    env: {
      ...{ CLIENT_ENV: 'prod', BACKEND_URL: 'https://backend.example.test', BACKEND_TOKEN: 'a-token-of-this-test' },
      ...{ BACKEND_RETRY_SECONDS: '0', HTTPS_PROXY: `http://127.0.0.1:${port}`, STORAGE_PATH: storage },
    },
    cwd: folder,
  }).ended;
  for (const socket of sockets) socket.destroy();
  proxy.close();
  return ended;
}

it('a proxy that connects and then sends nothing does not keep the process alive', async () => {
  const ended = await silent;
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.seconds).toBeLessThan(40);
});
