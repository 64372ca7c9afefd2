/**
 * Puts what the image needs into a folder: of this workspace the host, the chosen format plugins and the libraries that
 * they use, each as `npm publish` would pack it; of others' packages what the lockfile says, for the target's processor.
 * Everything must be compiled.
 *
 * Usage: node deploy/assemble.mjs <folder> [formats]
 *   formats     `all`, or names separated by commas or spaces: tabular,text
 *   TARGETARCH  amd64 or arm64, as Docker calls them; default: this machine's
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOST = '@tracebloc/ingestor';
const PLUGIN = `${HOST}-plugin-`;
/** npm's names of processors. */
const CPU = { amd64: 'x64', arm64: 'arm64' };

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder, formats = 'all'] = process.argv.slice(2);
if (!folder) fail('Usage: node deploy/assemble.mjs <folder> [formats]');

/** name -> {folder, dependencies, isFormat} of this workspace's packages. */
const workspace = new Map(
  globSync('{apps,libs,plugins}/*/package.json', { cwd: root }).map((path) => {
    const { name, dependencies = {}, oclif } = readJson(join(root, path));
    const isFormat = oclif?.hooks?.['ingestor:tasks'] !== undefined;
    return [name, { folder: dirname(path), dependencies: Object.keys(dependencies), isFormat }];
  }),
);

const packages = withDependencies([HOST, ...chosenPlugins(formats)]);
mkdirSync(folder, { recursive: true });
unpack(packages);
describe(packages);
installOthers();
strip();

function chosenPlugins(text) {
  // Plugins with commands alone, such as job, are for the machine that submits.
  const known = [...workspace.keys()].filter((name) => name.startsWith(PLUGIN) && workspace.get(name).isFormat);
  if (text === 'all') return known;
  const wanted = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = wanted.filter((name) => !known.includes(PLUGIN + name));
  if (unknown.length > 0) {
    const choice = known.map((name) => name.slice(PLUGIN.length)).join(', ');
    fail(`There is no format ${unknown.join(', ')}. Choose from: ${choice}.`);
  }
  return wanted.map((name) => PLUGIN + name);
}

/** The names, and those of this workspace's packages that they need. */
function withDependencies(names, found = new Set()) {
  for (const name of names.filter((candidate) => workspace.has(candidate) && !found.has(candidate))) {
    found.add(name);
    withDependencies(workspace.get(name).dependencies, found);
  }
  return [...found];
}

function unpack(names) {
  const packed = mkdtempSync(join(tmpdir(), 'ingestor-packed-'));
  for (const name of names) {
    const { folder: place } = workspace.get(name);
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed], join(root, place));
    const [tarball] = globSync('*.tgz', { cwd: packed });
    const target = join(folder, place);
    mkdirSync(target, { recursive: true });
    run('tar', ['--extract', '--file', join(packed, tarball), '--directory', target, '--strip-components=1'], folder);
    rmSync(join(packed, tarball));
  }
  rmSync(packed, { recursive: true });
}

/** Makes a workspace of the folder, whose manifests ask for nothing that only development needs. */
function describe(names) {
  for (const name of ['package-lock.json', '.npmrc']) cpSync(join(root, name), join(folder, name));
  const { name, version } = readJson(join(root, 'package.json'));
  const workspaces = names.map((member) => workspace.get(member).folder);
  writeJson(join(folder, 'package.json'), { name, version, private: true, workspaces });
  for (const place of workspaces) {
    const { devDependencies, ...manifest } = readJson(join(folder, place, 'package.json'));
    writeJson(join(folder, place, 'package.json'), manifest);
  }
}

/** Without others' installation scripts: no package that is needed here compiles or fetches anything. */
function installOthers() {
  const { TARGETARCH } = process.env;
  const target = TARGETARCH ? ['--os=linux', '--libc=glibc', `--cpu=${CPU[TARGETARCH] ?? TARGETARCH}`] : [];
  run(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...target],
    folder,
  );
}

/** Removes what only compilers and debuggers read: a third of the size. */
function strip() {
  for (const path of globSync('**/*.{map,d.ts,d.mts,d.cts}', { cwd: folder })) rmSync(join(folder, path));
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail(`${command} ${args[0]} failed in ${cwd}${error ? `: ${error.message}` : ''}.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
