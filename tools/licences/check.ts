/**
 * Fails when a package that users get has a licence that is not allowed.
 * Users get every package of the lockfile that is not needed for development alone. Needs no network: the lockfile, or else
 * the installed package, names the licence.
 *
 * Usage: node tools/licences/check.ts [folder]   (default: this workspace)
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameOf, readJson, readLockfile, shippedPackages } from './lockfile.ts';

/** The licence of this workspace's packages. */
const OURS = 'Apache-2.0';

/** Licences that ask only for a notice and a copy of their text. */
const ALLOWED = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense'],
  // The licences of argparse, which came from Python.
  ...['Python-2.0', 'PSF-2.0'],
]);

/** Packages that may have another licence, with the reason. */
const EXCEPTIONS: readonly { name: RegExp; licence: string; why: string }[] = [
  {
    name: /^@img\/sharp(-libvips)?-/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips is a shared library beside sharp, unchanged and replaceable, as the LGPL requires',
  },
  { name: /^npm$/, licence: 'Artistic-2.0', why: 'a separate program, passed on unchanged, which installs plugins' },
  { name: /^spdx-exceptions$/, licence: 'CC-BY-3.0', why: 'a list, inside npm, with its source named' },
];

const folder = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const packages = readLockfile(folder);
const others = Object.entries(packages).filter(([path]) => path !== '' && !path.includes('node_modules/'));
const wrong = others.filter(([, { license }]) => license !== OURS).map(([path]) => path);
if (wrong.length > 0) {
  process.stderr.write(`The license in package.json is not ${OURS} in ${wrong.join(', ')}.\n`);
  process.exit(1);
}

const shipped = shippedPackages(packages);
const refused = shipped.flatMap(([path, { version, license }]) => {
  const name = nameOf(path);
  const licence = license ?? installedLicence(path);
  return isAllowed(name, licence)
    ? []
    : [`${name} ${version ?? ''}: ${licence ?? 'no licence'}; needed by ${needing(name)}`];
});

if (refused.length > 0) {
  process.stderr.write(
    `Packages with a licence that tools/licences/check.ts does not allow:\n${refused.map((line) => `  ${line}\n`).join('')}` +
      'Use another package, or add the licence there with the reason, if the maintainers agree.\n',
  );
  process.exit(1);
}
process.stdout.write(`The licences of ${shipped.length} packages are allowed.\n`);

/**
 * Returns whether an SPDX expression, such as `A AND (B OR C)`, allows the package. One allowed side of an OR is enough; of
 * an AND, each side must be allowed.
 */
function isAllowed(name: string, expression: string | undefined): boolean {
  if (expression === undefined) return false;
  const text = expression.trim();
  const alternatives = splitOutside(text, ' OR ');
  if (alternatives.length > 1) return alternatives.some((part) => isAllowed(name, part));
  const parts = splitOutside(text, ' AND ');
  if (parts.length > 1) return parts.every((part) => isAllowed(name, part));
  if (text.startsWith('(') && text.endsWith(')')) return isAllowed(name, text.slice(1, -1));
  return ALLOWED.has(text) || EXCEPTIONS.some((one) => one.licence === text && one.name.test(name));
}

/** Splits a text at the separators outside brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0 && text.startsWith(separator, i)) {
      parts.push('');
      i += separator.length - 1;
    } else parts.push(`${parts.pop() ?? ''}${text[i]!}`);
  }
  return parts;
}

/** Returns the licence in the installed package's manifest; old packages have a list of objects there. */
function installedLicence(path: string): string | undefined {
  try {
    const { license, licenses } = readJson(join(folder, path, 'package.json')) as {
      license?: string | { type: string };
      licenses?: { type: string }[];
    };
    const found = license ?? licenses?.map(({ type }) => type).join(' OR ');
    return (typeof found === 'object' ? found.type : found)?.replace(/^Apache 2\.0$/, 'Apache-2.0');
  } catch {
    return undefined;
  }
}

function needing(name: string): string {
  const names = Object.entries(packages)
    .filter(
      ([, { dev, dependencies, optionalDependencies }]) => !dev && name in { ...dependencies, ...optionalDependencies },
    )
    .map(([path, { name: own }]) => own ?? nameOf(path));
  return [...new Set(names)].join(', ') || 'nobody';
}
