/**
 * Puts everything that the image needs into a folder. The host, the chosen format plugins and the libraries that they use
 * come from this workspace, each as `npm publish` packs it. Other packages come from the npm registry, in the
 * versions of the lockfile, for the target's processor. Compile the workspace first.
 *
 * Usage: node deploy/assemble.ts <folder> [formats]
 *   formats     `all`, or names separated by commas or spaces: tabular,text
 *   TARGETARCH  amd64 or arm64, as Docker names them; default: this machine's
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOST = '@tracebloc/ingestor';
const PLUGIN = `${HOST}-plugin-`;
/** npm's names for the processors that Docker names. */
const CPU: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64' };

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  oclif?: { hooks?: Record<string, unknown> };
}

interface Member {
  folder: string;
  dependencies: string[];
  /** Whether it is a format plugin, and not one that only adds commands. */
  isFormat: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder, formats = 'all'] = process.argv.slice(2);
if (folder === undefined) fail('Usage: node deploy/assemble.ts <folder> [formats]');

/** The packages of this workspace by their names. */
const workspace = new Map(
  globSync('{apps,libs,plugins}/*/package.json', { cwd: root }).map((path): [string, Member] => {
    const { name, dependencies = {}, oclif } = readManifest(join(root, path));
    const isFormat = oclif?.hooks?.['ingestor:tasks'] !== undefined;
    return [name, { folder: dirname(path), dependencies: Object.keys(dependencies), isFormat }];
  }),
);

const packages = withDependencies([HOST, ...chosenPlugins(formats)]);
mkdirSync(folder, { recursive: true });
unpack(packages, folder);
makeWorkspace(packages, folder);
installOthers(folder);
strip(folder);

function chosenPlugins(text: string): string[] {
  // A plugin that only adds commands, such as job, is for the machine that submits.
  const known = [...workspace].flatMap(([name, { isFormat }]) => (name.startsWith(PLUGIN) && isFormat ? [name] : []));
  if (text === 'all') return known;
  const wanted = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = wanted.filter((name) => !known.includes(PLUGIN + name));
  if (unknown.length > 0) {
    const choice = known.map((name) => name.slice(PLUGIN.length)).join(', ');
    fail(`There is no format ${unknown.join(', ')}. Choose from: ${choice}.`);
  }
  return wanted.map((name) => PLUGIN + name);
}

/** Returns the names together with those of the packages of this workspace that they need. */
function withDependencies(names: readonly string[], found = new Set<string>()): string[] {
  for (const name of names.filter((candidate) => workspace.has(candidate) && !found.has(candidate))) {
    found.add(name);
    withDependencies(memberNamed(name).dependencies, found);
  }
  return [...found];
}

function memberNamed(name: string): Member {
  return workspace.get(name)!;
}

function unpack(names: readonly string[], into: string): void {
  const packed = mkdtempSync(join(tmpdir(), 'ingestor-packed-'));
  for (const name of names) {
    const { folder: member } = memberNamed(name);
    run('npm', ['pack', '--silent', '--pack-destination', packed], join(root, member));
    const [tarball] = globSync('*.tgz', { cwd: packed });
    const target = join(into, member);
    mkdirSync(target, { recursive: true });
    run('tar', ['--extract', '--file', join(packed, tarball!), '--directory', target, '--strip-components=1'], into);
    rmSync(join(packed, tarball!));
  }
  rmSync(packed, { recursive: true });
}

/** Makes the folder an npm workspace whose packages have no development dependencies. */
function makeWorkspace(names: readonly string[], into: string): void {
  for (const name of ['package-lock.json', '.npmrc']) cpSync(join(root, name), join(into, name));
  const { name, version } = readManifest(join(root, 'package.json'));
  const workspaces = names.map((member) => memberNamed(member).folder);
  writeJson(join(into, 'package.json'), { name, version, private: true, workspaces });
  for (const member of workspaces) {
    const { devDependencies: _, ...manifest } = readManifest(join(into, member, 'package.json'));
    writeJson(join(into, member, 'package.json'), manifest);
  }
}

/** Installation scripts do not run: no package that the image needs compiles or fetches anything. */
function installOthers(into: string): void {
  const { TARGETARCH } = process.env;
  const target = TARGETARCH ? ['--os=linux', '--libc=glibc', `--cpu=${CPU[TARGETARCH] ?? TARGETARCH}`] : [];
  run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...target], into);
}

/** Removes the files that only compilers and debuggers read. They are a third of the size. */
function strip(from: string): void {
  for (const path of globSync('**/*.{map,d.ts,d.mts,d.cts}', { cwd: from })) rmSync(join(from, path));
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail(`${command} ${args.slice(0, 1).join()} failed in ${cwd}${error ? `: ${error.message}` : ''}.`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
