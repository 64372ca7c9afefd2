/**
 * Checks what docs/conventions.md demands of words, sentences and errors, in all files that Git knows, and that the tests which
 * pages name exist.
 *
 * Usage: node tools/lint/check.ts [--only identifier,phrase,sentence,audience,error,promise] [--count] [path ...]
 *   --count  prints how many problems each rule has in each folder, and always succeeds
 *   path     folders or files to look at; default: all
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isCatalogue, looseErrors } from './errors.ts';
import { checkMarkdown, checkTypeScript, checkYaml, readGlossary } from './glossary.ts';
import type { Problem } from './problem.ts';
import { missingTests } from './promises.ts';
import { longSentences, missingAudience } from './prose.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, count: { type: 'boolean', default: false } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const glossary = readGlossary(readFileSync(join(root, 'docs/conventions.md'), 'utf8'));
const only = values.only?.split(',');
/** The conventions and this check name what they forbid; the changelog quotes what was. */
const isExempt = (file: string) => /^(docs\/conventions\.md|CHANGELOG\.md|tools\/lint\/)/.test(file);

const tests = listFiles('*.test.ts');
const findTests = (name: string) => tests.filter((path) => `/${path}`.endsWith(`/${name}`)).map(readOrEmpty);

const problems = listFiles(...positionals)
  .filter((file) => !isExempt(file))
  .flatMap((file) => check(file))
  .filter(({ rule }) => only?.includes(rule) ?? true);
if (values.count) {
  for (const [name, count] of Object.entries(countBy(problems)).sort()) process.stdout.write(`${count}\t${name}\n`);
  process.stdout.write(`${problems.length}\tproblems\n`);
} else if (problems.length > 0) {
  for (const { file, line, rule, message } of problems) process.stderr.write(`${file}:${line} ${rule}: ${message}\n`);
  process.stderr.write(`${problems.length} problems; docs/conventions.md explains the rules.\n`);
  process.exitCode = 1;
}

/** Returns the files that Git knows or that are new; with patterns, only those that match one. */
function listFiles(...patterns: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return listed.split('\n').filter((file) => file !== '');
}

function check(file: string): Problem[] {
  if (!/\.(ts|md|ya?ml)$/.test(file)) return [];
  const text = readOrEmpty(file);
  if (file.endsWith('.ts')) {
    const isProduct = /^(apps|libs|plugins)\/[^/]+\/src\//.test(file) && !/\.test(-support)?\./.test(file);
    const isFree =
      !isProduct || isCatalogue(file) || file.startsWith('libs/core/') || /libs\/(testing|conformance)\//.test(file);
    return [...checkTypeScript(file, text, glossary), ...(isFree ? [] : looseErrors(file, text))];
  }
  if (!file.endsWith('.md')) return checkYaml(file, text, glossary);
  const isPage = /^docs\/[^/]+\.md$/.test(file);
  return [
    ...checkMarkdown(file, text, glossary),
    ...(isPage || /^docs\/|^(README|CONTRIBUTING|SECURITY)\.md$/.test(file) ? longSentences(file, text) : []),
    ...(isPage ? missingAudience(file, text) : []),
    ...(isPage ? missingTests(file, text, findTests) : []),
  ];
}

/** A file that was deleted but not committed is empty. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return '';
  }
}

function countBy(all: readonly Problem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { file, rule } of all) {
    const name = `${rule} ${/^(apps|libs|plugins|tools)\/[^/]+|^docs\/[^/]+/.exec(file)?.[0] ?? file}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
