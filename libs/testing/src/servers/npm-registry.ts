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
/** Seconds within which it answers. */
const PATIENCE = 30;

export interface NpmRegistryOptions {
  /** Where packages come from that nobody published here; default: the registry that npm is set up with. */
  uplink?: string;
}

/** An npm registry of one test's own, on a free loopback port, to which anybody may publish. */
export interface NpmRegistry {
  /** As `npm_config_registry`. */
  readonly url: string;
  /** Packs and publishes packages: all of a workspace's, with `--workspaces`, or the one in the folder. */
  publish(folder: string, ...args: readonly string[]): Promise<void>;
  /** Ends the registry and removes what was published. */
  stop(): Promise<void>;
}

/** Ends with the pipe from the test process, however that process ended. */
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

/** Starts verdaccio, which must be installed; takes about two seconds. Throws with its log where it does not start. */
export async function startNpmRegistry({ uplink }: NpmRegistryOptions = {}): Promise<NpmRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'ingestor-npm-registry-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration(uplink ?? (await npmsOwn()))));
  const url = `http://${HOST}:${await freePort()}/`;
  const program = join(dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')), 'bin', 'verdaccio');
  const command = [process.execPath, program, '--config', join(folder, 'config.json'), '--listen', url];
  const wrapper = spawn('sh', ['-c', WRAPPER, 'npm-registry', folder, ...command], {
    // Behind a proxy that signs with a certificate of its own, the machine knows that one and Node's own list does not.
    env: { ...process.env, NODE_USE_SYSTEM_CA: '1' },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  // A test that forgets to stop its registry still ends, and the closing pipe then ends the registry.
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
      // npm publishes nowhere without a token; this registry asks for none.
      const token = `--${url.replace('http:', '')}:_authToken=any`;
      await run('npm', ['publish', ...args, '--registry', url, token, '--loglevel=error'], { cwd: published });
    },
  };
}

async function npmsOwn(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], { cwd: tmpdir() });
  return stdout.trim();
}

/** Packages that are published here are not looked for elsewhere, so that a test never gets a stranger's. */
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
  const deadline = Date.now() + PATIENCE * 1000;
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
