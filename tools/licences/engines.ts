/**
 * Fails when a package of this workspace promises users a Node that one of its dependencies does not accept. The oldest Node
 * of each promise (`engines.node`) is tried, and the Node that this workspace is tested with. Needs no network.
 *
 * Usage: node tools/licences/engines.ts [folder]   (default: this workspace)
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameOf, readLockfile } from './lockfile.ts';

interface Semver {
  minVersion: (range: string) => { version: string };
  satisfies: (version: string, range: string) => boolean;
}

const { minVersion, satisfies } = createRequire(import.meta.url)('semver') as Semver;
const packages = readLockfile(process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url)));
const tested = packages['node_modules/node']?.version;
const members = Object.keys(packages).filter((path) => /^(apps|libs|plugins)\/[^/]+$/.test(path));
const problems = members.flatMap((member) => {
  const promise = packages[member]?.engines?.node;
  if (promise === undefined) return [`${member} has no engines.node`];
  const versions = [minVersion(promise).version, ...(tested === undefined ? [] : [tested])];
  return [...dependenciesOf(member)].flatMap((path) => {
    const { version, engines: { node: accepted } = {} } = packages[path]!;
    const refused = accepted === undefined ? [] : versions.filter((node) => !satisfies(node, accepted));
    if (refused.length === 0) return [];
    return [`${member} promises Node ${promise}; ${nameOf(path)} ${version ?? ''} needs ${accepted!}`];
  });
});
if (problems.length > 0) {
  const advice = 'Raise engines.node in these packages, or take an older version of the dependency.\n';
  process.stderr.write(`${problems.map((problem) => `${problem}\n`).join('')}${advice}`);
  process.exit(1);
}
process.stdout.write(`The dependencies of ${members.length} packages accept the Node that engines promises.\n`);

/** Returns the paths of all packages that the package needs. Optional ones are left out: npm installs only those that fit. */
function dependenciesOf(path: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
    const dependency = resolve(name, path);
    if (dependency === undefined || found.has(dependency)) continue;
    found.add(dependency);
    dependenciesOf(dependency, found);
  }
  return found;
}

/** Finds a package as Node does: in the `node_modules` of the folder and of those above it. */
function resolve(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = folder === '.' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = packages[path];
    if (entry !== undefined) return entry.link ? entry.resolved : path;
    if (folder === '.') return undefined;
  }
}
