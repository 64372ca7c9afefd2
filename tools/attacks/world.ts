import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeBackend, startMariaDb, type FakeBackend, type MariaDb } from '@tracebloc/ingestor-testing';
import { peakRss } from '../bench/measure.ts';

const BIN = fileURLToPath(new URL('../../apps/ingestor/bin/run.js', import.meta.url));
/** How many characters of a process's output are kept. */
const MOST_OUTPUT = 1 << 20;

/** A module of `scenarios/`. */
export interface Scenario {
  /** States the attack and what must hold. */
  attack: string;
  /** Throws when that does not hold; returns the figures to report. */
  run: (world: World) => Promise<object>;
}

export interface ProcessResult {
  /** `null` after a signal. */
  code: number | null;
  /** The last MiB of the output. */
  stdout: string;
  stderr: string;
  seconds: number;
  /** The peak of the resident memory in MB. */
  rssMb: number;
  timedOut: boolean;
}

export interface ProcessOptions {
  env?: NodeJS.ProcessEnv;
  /** The process is killed after this time. Default: ten minutes. */
  timeoutMs?: number;
}

/** The folder, servers and processes of one scenario. `stop` ends the servers. */
export class World {
  readonly folder: string;
  readonly storage: string;
  /** Returns seeded numbers in [0, 1). */
  readonly random: () => number;
  readonly #stops: (() => Promise<void>)[] = [];

  constructor(folder: string, random: () => number) {
    this.folder = folder;
    this.random = random;
    this.storage = join(folder, 'storage');
    mkdirSync(this.storage);
  }

  /** Starts a MariaDB with an empty database for the scenario. `env` makes a process use it. */
  async mariaDb(): Promise<{ server: MariaDb; database: string; env: NodeJS.ProcessEnv }> {
    const server = await startMariaDb();
    this.#stops.push(() => server.stop());
    const { host, port, user, password } = server;
    const database = await server.createDatabase();
    const env = { MYSQL_HOST: host, MYSQL_PORT: `${port}`, DB_USER: user, DB_PASSWORD: password, DB_NAME: database };
    return { server, database, env };
  }

  /** Starts a backend that records its calls. `env` makes a process use it. */
  async backend(): Promise<{ backend: FakeBackend; env: NodeJS.ProcessEnv }> {
    const backend = await startFakeBackend();
    this.#stops.push(() => backend.stop());
    const env = {
      CLIENT_ENV: 'prod',
      BACKEND_URL: backend.url,
      BACKEND_TOKEN: backend.token,
      BACKEND_RETRY_SECONDS: '0',
    };
    return { backend, env };
  }

  /**
   * Starts `ingestor` with the arguments in the scenario's folder. It uses the embedded database and the local catalog unless
   * `env` names others.
   */
  start(
    args: readonly string[],
    { env = {}, timeoutMs = 600_000 }: ProcessOptions = {},
  ): { child: ChildProcess; ended: Promise<ProcessResult> } {
    const started = performance.now();
    // The program's first line, which sets limits of memory, chooses the interpreter.
    const child = spawn(BIN, args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, CLIENT_ENV: 'local', STORAGE_PATH: this.storage, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const result: ProcessResult = { code: null, stdout: '', stderr: '', seconds: 0, rssMb: 0, timedOut: false };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]
        .setEncoding('utf8')
        .on('data', (text: string) => (result[stream] = (result[stream] + text).slice(-MOST_OUTPUT)));
    }
    return { child, ended: watch(child, result, started, timeoutMs) };
  }

  run(args: readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
    return this.start(args, options).ended;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }
}

async function watch(
  child: ChildProcess,
  result: ProcessResult,
  started: number,
  timeoutMs: number,
): Promise<ProcessResult> {
  const sampler = setInterval(() => (result.rssMb = peakRss(child.pid) ?? result.rssMb), 20);
  const limit = setTimeout(() => (result.timedOut = child.kill('SIGKILL')), timeoutMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  clearTimeout(limit);
  return Object.assign(result, { code, seconds: (performance.now() - started) / 1000 });
}
