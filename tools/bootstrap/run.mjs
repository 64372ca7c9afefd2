/**
 * What `npm run demo`, `npm test`, `npm run bench` and CI start with, on a machine that may have nothing but Node 20 and npm:
 * installs what the lockfile says where that has not been done, then goes on under the pinned Node with a fresh build.
 *
 * Usage: node tools/bootstrap/run.mjs <build|demo|test|bench|e2e:job|test:attacks|test:crash|test:mysql> [arguments]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NX_DAEMON: 'false', NX_TUI: 'false' };
/** What npm tells of the script that is running would confuse the scripts that run below it. */
for (const name of Object.keys(env)) if (/^npm_(lifecycle|package|config_local)/.test(name)) delete env[name];

const tasks = {
  build: () => undefined,
  demo: (args) => step('node', ['tools/demo/demo.mjs', ...args]),
  bench: (args) => step('node', ['tools/bench/bench.mjs', ...args]),
  'e2e:job': (args) => step('node', ['tools/e2e-job/run.mjs', ...args]),
  'test:crash': (args) => {
    step('node', ['tools/bootstrap/mariadb.mjs']);
    step('node', ['tools/crash/crash.mjs', ...args]);
  },
  'test:attacks': (args) => {
    step('node', ['tools/bootstrap/mariadb.mjs']);
    step('node', ['tools/attacks/attacks.mjs', ...args]);
  },
  'test:mysql': (args) => step('node', ['tools/mysql/run.mjs', ...args]),
  test: (args) => {
    step('node', ['tools/bootstrap/mariadb.mjs']);
    step('nx', ['run-many', '-t', 'test', '--output-style=stream', ...args]);
  },
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name)) {
  process.stderr.write(`Usage: node tools/bootstrap/run.mjs <${Object.keys(tasks).join('|')}> [arguments]\n`);
  process.exit(2);
}
install();
step('tsc', ['-b']);
step(process.execPath, ['tools/manifest/make.mjs']);
tasks[name](args);

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

function step(command, stepArgs) {
  const { status, error } = spawnSync(command, stepArgs, { cwd: root, env, stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
