import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  startFakeBackend,
  startTcpProxy,
  type BackendCall,
  type FakeBackend,
  type Passage,
  type TcpProxy,
  type Verdict,
} from '@tracebloc/ingestor-testing';
import {
  lastLine,
  type Ended,
  type Env,
  type Running,
  type Row,
  type World,
} from '@tracebloc/ingestor-testing/command';
import type { CommandSession } from './many-commands.test-support.js';
import { datasetOf, outcomeOf } from './shards.test-support.js';

/** The number of texts, which are of two classes. In batches of three they are registered by six calls. */
const TEXTS = 5;
const IN_THREES = { BATCH_SIZE: '3' };
export const RESUME =
  'What is already committed stays: run the same command again, and it continues with what is missing.';
/** Variables that replace the token by credentials. */
export const LOGIN = { BACKEND_TOKEN: '', CLIENT_ID: 'fake-client', CLIENT_PASSWORD: 'fake-password' };
/** The calls of a run, in their order. */
export const CALLS = ['records 0', 'records 3', 'edge-labels', 'global-metadata', 'prepare', 'dataset'];

/** A separate backend, a proxy in front of it, and a run that the test disturbs. */
export interface Bench {
  world: World;
  backend: FakeBackend;
  proxy: TcpProxy;
  config: string;
  table: string;
  /** Starts a process of the run, in batches of three, through the proxy. */
  start: (more?: Env) => Running;
  /** Runs the same command to its end, in the session if there is one. */
  ingest: (more?: Env) => Promise<Ended>;
}

interface BenchOptions {
  world: World;
  table: string;
  /** What `ingestUndisturbed` returned. */
  undisturbed: unknown;
  session?: CommandSession;
}

/** Disturbs a run for the table on a bench, and checks that it ends with what an undisturbed run makes. */
export async function onBench(
  { world: shared, table, undisturbed, session }: BenchOptions,
  use: (bench: Bench) => Promise<{ ended: Ended; repeated?: string[] }>,
): Promise<void> {
  const backend = await startFakeBackend();
  const { hostname: host, port } = new URL(backend.url);
  const proxy = await startTcpProxy({ host, port: Number(port) });
  const world = shared.withBackend(backend);
  const config = await configOf(world, table);
  const env = { ...world.remote, ...IN_THREES, BACKEND_URL: `http://${proxy.host}:${proxy.port}` };
  const args = ['ingest', '-c', config];
  const start = (more: Env = {}) => world.start(args, { ...env, ...more });
  const ingest = (more: Env = {}) => session?.run(args, { ...env, ...more }) ?? start(more).ended;
  try {
    const bench = { world, backend, proxy, config, table, start, ingest };
    const { ended, repeated } = await use(bench);
    expect(outcomeOf(ended)).toMatch(/^0:/);
    expect(lastLine(ended)).toBe('All records processed successfully');
    expectCalls(callsOf(backend), repeated);
    expect(backend.violations).toEqual([]);
    expect(await resultOf(world, table)).toEqual(undisturbed);
  } finally {
    await proxy.stop();
    await backend.stop();
  }
}

/** Writes the texts and ingests them undisturbed. Returns the outcome of that run. */
export async function ingestUndisturbed(world: World): Promise<unknown> {
  const source = join(world.folder, 'source');
  await mkdir(join(source, 'texts'), { recursive: true });
  const names = Array.from({ length: TEXTS }, (_, index) => `ticket_${index}`);
  await writeFile(
    join(source, 'labels.csv'),
    ['filename,label', ...names.map((name, i) => `${name},${i % 2 ? 'delivery' : 'billing'}`), ''].join('\n'),
  );
  for (const name of names) await writeFile(join(source, 'texts', `${name}.txt`), `What is with ${name}?\n`);
  const config = await configOf(world, 'undisturbed');
  expect(outcomeOf(await world.run(['ingest', '-c', config], { ...world.remote, ...IN_THREES }))).toMatch(/^0:/);
  return resultOf(world, 'undisturbed');
}

function configOf(world: World, table: string): Promise<string> {
  const fields = {
    apiVersion: 'tracebloc.io/v1',
    kind: 'IngestConfig',
    ...{ category: 'text_classification', table, intent: 'train', csv: 'source/labels.csv', label: 'label' },
  };
  return world.write(`${table}.yaml`, JSON.stringify(fields));
}

/** Returns the rows, files, catalog, ledger and backend's record of a run, without what names the run. */
async function resultOf(world: World, table: string): Promise<unknown> {
  const runs = `${world.database}._ingestor_runs`;
  const ledger = await world.mariaDb.sql(
    `SELECT run_id, state, staged, sent FROM ${runs} WHERE table_name = '${table}'`,
  );
  const of = (name: string, run: Row) =>
    world.mariaDb.sql(`SELECT * FROM ${world.database}.${name} WHERE run_id = '${run.run_id as string}' ORDER BY 1, 2`);
  const runsWithParts = await Promise.all(
    ledger.map(async (run) => ({
      run,
      batches: await of('_ingestor_batches', run),
      calls: (await of('_ingestor_calls', run)).map(({ call }) => call),
    })),
  );
  const text = JSON.stringify({ ledger: runsWithParts, ...((await datasetOf(world, table)) as object) });
  const alike = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<run>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<backend>')
    .replaceAll(table, '<table>');
  return JSON.parse(alike) as unknown;
}

/** Returns the calls that the backend has accepted, such as `token`, `records 0`, `prepare`. */
export function callsOf({ calls }: FakeBackend): string[] {
  return calls.map(nameOf);
}

function nameOf(call: BackendCall): string {
  return call.name === 'records' ? `records ${parseInt(call.records[0]!.dataId.slice(-12), 16)}` : call.name;
}

/** Matches the request with the second batch of records. */
export const SECOND_BATCH = /^POST \/global_meta\/[^]*000000000003"/;

/** Checks that each call was made, in order, and only those in `repeated` twice. */
function expectCalls(calls: string[], repeated: string[] = []): void {
  const distinct = [...new Set(calls.filter((call) => call !== 'token'))];
  expect(distinct).toEqual(CALLS);
  const again = calls.filter((call, index) => call !== 'token' && calls.indexOf(call) !== index);
  expect(again).toEqual(repeated);
}

/** Checks that the error says what happened and what to do, and has no stack. */
export function expectToldClearly({ code, stderr }: Ended, message: RegExp | string): void {
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr).toMatch(message);
  expect(stderr).toContain(RESUME);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** Waits until the condition holds. Throws if the run ends before that. */
export async function until(run: Running, condition: () => boolean | Promise<boolean>): Promise<void> {
  const state = { over: false };
  void run.ended.then(() => (state.over = true));
  while (!(await condition())) {
    if (state.over) throw new Error(`The run ended too early.\n${outcomeOf(await run.ended)}`);
    await sleep(5);
  }
}

/** A chunk that the proxy holds, with all that follows it in its direction. */
export interface Held {
  readonly reached: boolean;
  release(): void;
}

/** Makes the proxy hold the first chunk that matches until it is released. */
export function hold(proxy: TcpProxy, matches: (passage: Passage, text: string) => boolean): Held {
  const gate = Promise.withResolvers<Verdict>();
  let reached = false;
  proxy.intercept((passage) => {
    if (reached || !matches(passage, passage.chunk.toString('latin1'))) return 'pass';
    reached = true;
    return gate.promise;
  });
  return {
    get reached() {
      return reached;
    },
    release: () => gate.resolve('pass'),
  };
}
