/**
 * Fails where a package that users get has a licence that is not allowed: all that the lockfile has beside what is needed
 * for development only. Needs no network: the lockfile says the licence, else the installed package does.
 *
 * Usage: node tools/licences/check.ts [folder]   (default: this workspace)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Licences that ask for no more than to be named and passed on. */
const ALLOWED = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense'],
  // Of argparse, which came from Python.
  ...['Python-2.0', 'PSF-2.0'],
]);

/** Packages that may have another licence as well, and why. */
const EXCEPTIONS = [
  {
    name: /^@img\/sharp(-libvips)?-/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips is a shared library beside sharp, unchanged and replaceable, as the LGPL asks for',
  },
  { name: /^npm$/, licence: 'Artistic-2.0', why: 'a program of its own, passed on unchanged, which installs plugins' },
  { name: /^spdx-exceptions$/, licence: 'CC-BY-3.0', why: 'a list, inside npm, with its source named' },
];

const folder = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const { packages } = readJson(join(folder, 'package-lock.json'));

/** Of this workspace; their licence is their owner's to choose. */
const isOurs = (path) => !path.includes('node_modules/');
const shipped = Object.entries(packages).filter(([path, { dev, link }]) => !isOurs(path) && !dev && !link);
const refused = shipped.flatMap(([path, { version, license }]) => {
  const name = nameOf(path);
  const licence = license ?? installedLicence(path);
  return isAllowed(name, licence) ? [] : [`${name} ${version}: ${licence ?? 'no licence'}; needed by ${needing(name)}`];
});

if (refused.length > 0) {
  process.stderr.write(
    `Packages whose licence is not in tools/licences/check.ts:\n${refused.map((line) => `  ${line}\n`).join('')}` +
      'Use another package, or add the licence there, with the reason, if whoever is responsible agrees.\n',
  );
  process.exit(1);
}
process.stdout.write(`The licences of ${shipped.length} packages are allowed.\n`);

/** An expression of SPDX: `A AND (B OR C)`. A licence that may be chosen is enough; of those that hold together, each. */
function isAllowed(name, expression) {
  if (expression === undefined) return false;
  const text = expression.trim();
  for (const [word, holds] of [
    ['OR', 'some'],
    ['AND', 'every'],
  ]) {
    const parts = splitOutside(text, ` ${word} `);
    if (parts.length > 1) return parts[holds]((part) => isAllowed(name, part));
  }
  if (text.startsWith('(') && text.endsWith(')')) return isAllowed(name, text.slice(1, -1));
  return ALLOWED.has(text) || EXCEPTIONS.some((one) => one.licence === text && one.name.test(name));
}

/** Splits where no bracket is open. */
function splitOutside(text, separator) {
  const parts = [''];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0 && text.startsWith(separator, i)) {
      parts.push('');
      i += separator.length - 1;
    } else parts[parts.length - 1] += text[i];
  }
  return parts;
}

/** Old packages have it in a list of objects. */
function installedLicence(path) {
  try {
    const { license, licenses } = readJson(join(folder, path, 'package.json'));
    const found = license ?? licenses?.map(({ type }) => type).join(' OR ');
    return (found?.type ?? found)?.replace(/^Apache 2\.0$/, 'Apache-2.0');
  } catch {
    return undefined;
  }
}

function needing(name) {
  const names = Object.entries(packages)
    .filter(
      ([, { dev, dependencies, optionalDependencies }]) => !dev && name in { ...dependencies, ...optionalDependencies },
    )
    .map(([path, { name: own }]) => own ?? nameOf(path));
  return [...new Set(names)].join(', ') || 'nobody';
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
