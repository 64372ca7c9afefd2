// @ts-check
/**
 * Starts `npm run demo`, `npm test`, `npm run bench` and CI on a machine that may have only Node 20 and npm. That is why this
 * file is JavaScript: Node 20 cannot run TypeScript. It installs the packages of the lockfile unless that is done, compiles
 * the workspace, and continues with the pinned Node.
 *
 * Usage: node tools/bootstrap/run.mjs <build|demo|test|bench|e2e:job|test:attacks|test:crash|test:mysql> [arguments]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFailures, runAndKeep } from './failed-tests.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NX_DAEMON: 'false', NX_TUI: 'false' };
/** npm's variables about the running script would confuse the scripts that run below it. */
for (const name of Object.keys(env)) if (/^npm_(lifecycle|package|config_local)/.test(name)) delete env[name];

/** @type {Record<string, (args: string[]) => void | Promise<void>>} */
const tasks = {
  build: () => undefined,
  demo: (args) => step('node', ['tools/demo/demo.ts', ...args]),
  bench: (args) => step('node', ['tools/bench/bench.ts', ...args]),
  'e2e:job': (args) => step('node', ['tools/e2e-job/run.ts', ...args]),
  'test:crash': (args) => {
    step('node', ['tools/bootstrap/mariadb.ts']);
    step('node', ['tools/crash/crash.ts', ...args]);
  },
  'test:attacks': (args) => {
    step('node', ['tools/bootstrap/mariadb.ts']);
    step('node', ['tools/attacks/attacks.ts', ...args]);
  },
  'test:mysql': (args) => step('node', ['tools/mysql/run.ts', ...args]),
  test: async (args) => {
    step('node', ['tools/bootstrap/mariadb.ts']);
    const folder = join(root, '.nx', 'failed-tests');
    rmSync(folder, { recursive: true, force: true });
    const nx = ['run-many', '-t', 'test', '--output-style=stream', ...args];
    const { code, lines } = await runAndKeep('nx', nx, { cwd: root, env: { ...env, FAILED_TESTS: folder } });
    if (code !== 0) process.stderr.write(describeFailures(folder, lines));
    process.exitCode = code;
  },
};

const [name = '', ...args] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (task === undefined) {
  process.stderr.write(`Usage: node tools/bootstrap/run.mjs <${Object.keys(tasks).join('|')}> [arguments]\n`);
  process.exit(2);
}
install();
step('tsc', ['-b']);
for (const folder of ['apps/ingestor', 'plugins/job']) step('node', ['../../tools/packages/oclif-manifest.ts'], folder);
await task(args);

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.installed-lockfile');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing packages (npm ci) …\n');
  step('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

/**
 * Runs a command in the workspace, and ends this process when it fails.
 *
 * @param {string} command
 * @param {string[]} stepArgs
 * @param {string} [folder] below the workspace; the default is the workspace itself.
 */
function step(command, stepArgs, folder = '') {
  const { status, error } = spawnSync(command, stepArgs, { cwd: join(root, folder), env, stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
