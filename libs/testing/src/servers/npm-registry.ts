import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);
const HOST = '127.0.0.1';
/** The longest start of the registry, in seconds. */
const START_SECONDS = 30;

export interface NpmRegistryOptions {
  /** The registry of all other packages. Default: the registry in the configuration of npm. */
  uplink?: string;
}

/** A separate npm registry on a free loopback port, to which anybody may publish. */
export interface NpmRegistry {
  /** The address, which `npm_config_registry` can have. */
  readonly url: string;
  /** Packs and publishes the package in the folder, or with `--workspaces` all packages of a workspace. */
  publish(folder: string, ...args: readonly string[]): Promise<void>;
  /** Stops the registry and removes the published packages. */
  stop(): Promise<void>;
}

/** Stops the registry when the pipe from the test process closes, however that process ended. */
const WRAPPER = `
trap '' HUP INT TERM
folder=$1; shift
"$@" </dev/null >>"$folder/log" 2>&1 &
registry=$!
read -r word
kill "$registry"
wait
rm -rf "$folder"
`;

/** Starts verdaccio in about two seconds. If it does not start, the error contains its log. */
export async function startNpmRegistry({ uplink }: NpmRegistryOptions = {}): Promise<NpmRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'ingestor-npm-registry-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration(uplink ?? (await npmsOwn()))));
  const url = `http://${HOST}:${await freePort()}/`;
  const program = join(dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')), 'bin', 'verdaccio');
  const command = [process.execPath, program, '--config', join(folder, 'config.json'), '--listen', url];
  const wrapper = spawn('sh', ['-c', WRAPPER, 'npm-registry', folder, ...command], {
    // Node does not trust the certificate of a proxy that intercepts TLS, but the system may.
    env: { ...process.env, NODE_USE_SYSTEM_CA: '1' },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  // A test that does not stop its registry still ends, and the closed pipe then ends the registry.
  wrapper.unref();

  const stop = async () => {
    const ended = once(wrapper, 'exit');
    wrapper.ref();
    wrapper.stdin.end();
    await ended;
  };
  try {
    await answers(url, join(folder, 'log'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    async publish(published, ...args) {
      // npm publishes only with a token, although this registry requires none.
      const token = `--${url.replace('http:', '')}:_authToken=any`;
      await run('npm', ['publish', ...args, '--registry', url, token, '--loglevel=error'], { cwd: published });
    },
  };
}

async function npmsOwn(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], { cwd: tmpdir() });
  return stdout.trim();
}

/** The uplink is not asked for our own packages, so that a test never receives a foreign one. */
function configuration(uplink: string): unknown {
  const anybody = { access: '$all', publish: '$all' };
  return {
    storage: './storage',
    web: { enable: false },
    uplinks: { npm: { url: uplink, maxage: '60m' } },
    packages: { '@tracebloc/*': anybody, '**': { ...anybody, proxy: 'npm' } },
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  };
}

async function answers(url: string, log: string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const response = await fetch(`${url}-/ping`).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) {
      const text = await readFile(log, 'utf8').catch(() => '');
      throw new Error(`The npm registry did not start. The end of its log:\n${text.slice(-2000)}`);
    }
    await sleep(50);
  }
}
