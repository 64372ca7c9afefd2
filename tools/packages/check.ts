/**
 * Fails when a package would be published without what its page on npm and its users need. Looks at the files that `npm pack`
 * takes, and packs nothing. The workspace must be compiled.
 *
 * Usage: node tools/packages/check.ts
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemsOf, type Manifest } from './problems.ts';

interface Packed {
  name: string;
  files: { path: string }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = globSync('{apps,libs,plugins}/*/package.json', { cwd: root }).map(dirname).sort();
const args = ['pack', '--dry-run', '--json', '--ignore-scripts', ...folders.map((folder) => `--workspace=${folder}`)];
const packed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })) as Packed[];
const own = (name: string) => readFileSync(join(root, name), 'utf8');
const legal = { LICENSE: own('LICENSE'), NOTICE: own('NOTICE') };

const problems = folders.flatMap((folder) => {
  const read = (path: string) => readFileSync(join(root, folder, path), 'utf8');
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const files = packed.find(({ name }) => name === manifest.name)?.files.map(({ path }) => path) ?? [];
  return problemsOf({ folder, manifest, files, read, legal }).map((problem) => `${folder}: ${problem}\n`);
});
if (problems.length > 0) {
  process.stderr.write(problems.join(''));
  process.exit(1);
}
process.stdout.write(`${folders.length} packages have what they need.\n`);
