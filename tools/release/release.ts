/**
 * Releases a version: `nx release` raises the version of every package, the image and the manifests follow, the section
 * "Unreleased" of CHANGELOG.md becomes that of the version, and all of it becomes one commit with a tag. It pushes and
 * publishes nothing; it ends with the commands that do.
 *
 * Usage: npm run release -- <major|minor|patch|VERSION> [--dry-run]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { releaseVersion } from 'nx/release/index.js';
import { promoteUnreleased, replaceVersion } from './texts.ts';

/** Where files name the image of the current version. */
const IMAGE_FOLDERS = ['deploy', 'docs', 'README.md', 'tools/e2e-job'];

const root = fileURLToPath(new URL('../..', import.meta.url));
const {
  values: { 'dry-run': dryRun },
  positionals: [specifier],
} = parseArgs({ allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false } } });
if (specifier === undefined) fail('Usage: npm run release -- <major|minor|patch|VERSION> [--dry-run]');
if (!dryRun && git('status', '--porcelain') !== '')
  fail('There are changes that are not committed; commit them first.');

const { version: current } = JSON.parse(read('apps/ingestor/package.json')) as { version: string };
const { workspaceVersion: next } = await releaseVersion({ specifier, dryRun });
if (!next) fail(`"${specifier}" does not lead to a new version.`);

const today = new Date().toISOString().slice(0, 10);
const changes = new Map([['CHANGELOG.md', promoteUnreleased(read('CHANGELOG.md'), next, today)]]);
for (const file of git('ls-files', '--', ...IMAGE_FOLDERS)
  .split('\n')
  .filter(Boolean)) {
  const [text, replaced] = [read(file), replaceVersion(read(file), current, next)];
  if (replaced !== text) changes.set(file, replaced);
}
for (const [file, text] of changes) {
  process.stdout.write(`UPDATE ${file}${dryRun ? ' [dry-run]' : ''}\n`);
  if (!dryRun) writeFileSync(join(root, file), text);
}
if (!dryRun) {
  git('commit', '--all', '--quiet', '--message', `Release ${next}`);
  git('tag', '--annotate', `v${next}`, '--message', `Release ${next}`);
}
process.stdout.write(`Next: git push --follow-tags && npx nx release publish\n`);

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' });
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
