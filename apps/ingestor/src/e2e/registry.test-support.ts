import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startNpmRegistry, type NpmRegistry } from '@tracebloc/ingestor-testing';
import { start, type Ended, type Env } from '@tracebloc/ingestor-testing/command';

const run = promisify(execFile);
const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));

/** The packages that `npm install @tracebloc/ingestor` installs. */
const HOST = [
  'apps/ingestor',
  ...['core', 'contract', 'cli', 'config', 'dataset', 'storage', 'api', 'pipeline'].map((name) => `libs/${name}`),
];

/** The setting of npm that names the registry of our packages. */
const SCOPE = '@tracebloc:registry';

/** The environment of a user to whom no registry of our packages answers. */
export const NO_REGISTRY = { [`npm_config_${SCOPE}`]: 'http://127.0.0.1:1', npm_config_fetch_retries: '0' };

/** The settings by which this machine reaches the network. */
const CONNECTION: Env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^((https?|no)_proxy|node_extra_ca_certs)$/i.test(name)),
  ),
  // Node does not trust the certificate of a proxy that intercepts TLS, but the system may.
  NODE_USE_SYSTEM_CA: '1',
};

/** A registry that has packages of this workspace, as `npm publish` packs them, and users who install from it. */
export class Shop {
  private constructor(
    readonly registry: NpmRegistry,
    /** The npm cache of this machine, so that packages of others are not fetched for each test. */
    private readonly cache: string,
    /** The registry of this machine, which has the packages of others. */
    private readonly others: string,
  ) {}

  /** Opens a registry that has the host and the packages in these folders of the workspace. */
  static async open(...folders: readonly string[]): Promise<Shop> {
    const [registry, { stdout }] = await Promise.all([
      startNpmRegistry(),
      // Prints a line for each: `cache=<folder>`.
      run('npm', ['config', 'get', 'cache', 'registry'], { cwd: tmpdir() }),
    ]);
    const [cache, others] = ['cache', 'registry'].map((name) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1]);
    if (cache === undefined || others === undefined) throw new Error(`npm has not printed its settings: ${stdout}`);
    await registry.publish(WORKSPACE, ...[...HOST, ...folders].map((folder) => `--workspace=${folder}`));
    return new Shop(registry, cache, others);
  }

  async close(): Promise<void> {
    await this.registry.stop();
  }

  /**
   * Creates a user whose home folder has nothing but the host, which npm has installed. Packages of others come from the
   * registry of this machine itself, since they take twice as long through another one.
   */
  async user(): Promise<User> {
    const registries = [`registry=${this.others}`, `${SCOPE}=${this.registry.url}`];
    const user = new User(await mkdtemp(join(tmpdir(), 'ingestor-user-')), registries, {
      ...CONNECTION,
      npm_config_cache: this.cache,
      npm_config_update_notifier: 'false',
      CLIENT_ENV: 'local',
    });
    await mkdir(join(user.folder, 'storage'));
    await user.configureNpm();
    await user.write('package.json', JSON.stringify({ name: 'user', version: '1.0.0' }));
    await user.npm('install', '@tracebloc/ingestor', '--no-audit', '--no-fund');
    return user;
  }
}

export class User {
  /** The folder in which oclif keeps what the user installs. */
  readonly plugins: string;

  constructor(
    readonly folder: string,
    private readonly registries: readonly string[],
    private readonly ownEnv: Env,
  ) {
    this.plugins = join(folder, '.local/share/ingestor');
  }

  /** The whole environment, except for PATH and HOME, which is the folder. */
  get env(): Env {
    return { ...this.ownEnv, STORAGE_PATH: join(this.folder, 'storage') };
  }

  /** Runs the command that npm installed. */
  ingestor(args: readonly string[], env: Env = {}): Promise<Ended> {
    return this.#start([join(this.folder, 'node_modules/.bin/ingestor')], args, env);
  }

  /** Runs the command on a new terminal and types the answer; stdout is what the terminal shows. */
  onTerminal(args: readonly string[], answer: string): Promise<Ended> {
    const command = [join(this.folder, 'node_modules/.bin/ingestor'), ...args].join(' ');
    // The terminal stays open until the command has ended: an end of the input may arrive before the answer is read.
    const open = `{ printf '%s\\n' '${answer}'; cat < "$0"; }`;
    const typed = `mkfifo "$0"; ${open} | { script -qec '${command}' /dev/null; code=$?; : > "$0"; exit $code; }`;
    return this.#start(['sh', '-c', typed], [join(this.folder, `terminal-${randomUUID()}`)], {
      TERM: 'xterm-256color',
    });
  }

  /** Runs a script that imports the package, as a user's program does. */
  node(script: string): Promise<Ended> {
    return this.#start([process.execPath, '--input-type=module', '--eval', script], [], {});
  }

  /** Runs npm in the user's folder. Throws an error with its stderr if it fails. */
  async npm(...args: readonly string[]): Promise<string> {
    return this.npmIn('.', ...args);
  }

  /** Does the same in a folder below. */
  async npmIn(folder: string, ...args: readonly string[]): Promise<string> {
    const ended = await this.#start(['npm'], args, {}, join(this.folder, folder));
    if (ended.code !== 0) throw new Error(`npm ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout;
  }

  /** Packs a folder below the user's as npm does, and returns the path of the tarball. */
  pack(folder: string): string {
    const tarball = `./${folder}.tgz`;
    const args = ['--transform', 's,^\\.,package,', '-C', folder, '-czf', tarball, '.'];
    execFileSync('tar', args, { cwd: this.folder });
    return tarball;
  }

  /** Writes the settings of npm: the registries and the given ones. */
  async configureNpm(...settings: readonly string[]): Promise<void> {
    await this.write('.npmrc', [...this.registries, ...settings, ''].join('\n'));
  }

  async write(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return name;
  }

  async leave(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  #start(program: readonly string[], args: readonly string[], env: Env, cwd = this.folder): Promise<Ended> {
    return start(args, { program, cwd, env: { HOME: this.folder, ...this.env, ...env } }).ended;
  }
}
