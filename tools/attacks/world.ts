import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeBackend, startMariaDb } from '@tracebloc/ingestor-testing';
import { peakRss } from '../bench/measure.ts';

const BIN = fileURLToPath(new URL('../../apps/ingestor/bin/run.js', import.meta.url));
/** Characters of a process's output that are kept. */
const MOST_OUTPUT = 1 << 20;

/** The folder, servers and processes of one scenario; `stop` ends them all. */
export class World {
  #stops = [];

  /** `random` returns seeded numbers in [0, 1). */
  constructor(folder, random) {
    Object.assign(this, { folder, random, storage: join(folder, 'storage') });
    mkdirSync(this.storage);
  }

  /** Starts a MariaDB of the scenario's own, with an empty database; returns the server and the environment to use it. */
  async mariaDb(options) {
    const server = await startMariaDb(options);
    this.#stops.push(() => server.stop());
    const { host, port, user, password } = server;
    const database = await server.createDatabase();
    const env = { MYSQL_HOST: host, MYSQL_PORT: `${port}`, DB_USER: user, DB_PASSWORD: password, DB_NAME: database };
    return { server, database, env };
  }

  /** Starts a backend that keeps what it is told; returns it and the environment to use it. */
  async backend(options) {
    const backend = await startFakeBackend(options);
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
   * Starts `ingestor` with the arguments, in the scenario's folder, on the embedded database and the local catalog where
   * `env` says nothing else. `ended` resolves with the exit code, the output's last MiB, seconds and the peak of the
   * resident memory in MB; after `timeoutMs` (default ten minutes) the process is killed and `timedOut` is true.
   */
  start(args, { env = {}, timeoutMs = 600_000 } = {}) {
    const started = performance.now();
    // By its own first line, which sets limits of memory.
    const child = spawn(BIN, args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, CLIENT_ENV: 'local', STORAGE_PATH: this.storage, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const result = { code: null, stdout: '', stderr: '', seconds: 0, rssMb: 0, timedOut: false };
    for (const stream of ['stdout', 'stderr']) {
      child[stream]
        .setEncoding('utf8')
        .on('data', (text) => (result[stream] = (result[stream] + text).slice(-MOST_OUTPUT)));
    }
    return { child, ended: watch(child, result, started, timeoutMs) };
  }

  run(args, options) {
    return this.start(args, options).ended;
  }

  async stop() {
    for (const stop of this.#stops.reverse()) await stop();
  }
}

async function watch(child, result, started, timeoutMs) {
  const sampler = setInterval(() => (result.rssMb = peakRss(child.pid) ?? result.rssMb), 20);
  const limit = setTimeout(() => (result.timedOut = child.kill('SIGKILL')), timeoutMs);
  const [code] = await once(child, 'close');
  clearInterval(sampler);
  clearTimeout(limit);
  return Object.assign(result, { code, seconds: (performance.now() - started) / 1000 });
}
