import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const LICENCES = fileURLToPath(new URL('../../tools/licences/check.ts', import.meta.url));
const ENGINES = fileURLToPath(new URL('../../tools/licences/engines.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-licences-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Checks a workspace whose package `apps/host` needs the given packages of a lockfile. */
function check(packages: Record<string, object>, program = LICENCES) {
  const dependencies = Object.fromEntries(Object.keys(packages).map((name) => [name, '*']));
  const locked = Object.entries(packages).map(([name, entry]) => [
    `node_modules/${name}`,
    { version: '1.2.3', ...entry },
  ]);
  const host = { name: 'host', license: 'Apache-2.0', engines: { node: '>=22.15' }, dependencies };
  const lockfile = { packages: { '': {}, 'apps/host': host, ...(Object.fromEntries(locked) as object) } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the check of licences', () => {
  /** Returns packages `p0`, `p1` and so on with these licences. */
  const packagesOf = (licences: readonly string[]) =>
    Object.fromEntries(licences.map((license, index) => [`p${index}`, { license }]));

  it('allows permissive licences, and a choice that includes one', () => {
    const allowed = [
      ...['MIT', 'Apache-2.0 AND MIT', 'GPL-3.0-only OR ISC', '(MIT OR (GPL-2.0-only AND X))', '(MIT AND (X OR 0BSD))'],
    ];
    expect(check(packagesOf(allowed))).toMatchObject({
      status: 0,
      stdout: 'The licences of 5 packages are allowed.\n',
    });
  });

  it('refuses other licences, and names the package and who needs it', () => {
    const refused = [
      ...['GPL-3.0-only', 'MIT AND GPL-3.0-only', '(MIT AND X) OR (ISC AND X)', 'SEE LICENSE IN LICENSE', 'UNLICENSED'],
      'LGPL-3.0-or-later',
    ];
    const { status, stderr } = check({ ...packagesOf(refused), good: { license: 'MIT' } });
    expect(status).toBe(1);
    const lines = stderr.split('\n').filter((line) => line.startsWith('  '));
    expect(lines).toEqual(refused.map((license, index) => `  p${index} 1.2.3: ${license}; needed by host`));
  });

  it('reads the installed package when the lockfile names no licence', () => {
    const install = (content: object) => {
      mkdirSync(join(folder, 'node_modules/one'), { recursive: true });
      writeFileSync(join(folder, 'node_modules/one/package.json'), JSON.stringify(content));
    };
    expect(check({ one: {} })).toMatchObject({ status: 1, stderr: expect.stringContaining('one 1.2.3: no licence') });
    install({ licenses: [{ type: 'Apache 2.0' }] });
    expect(check({ one: {} }).status).toBe(0);
    install({ license: { type: 'GPL-3.0-only' } });
    expect(check({ one: {} })).toMatchObject({ status: 1, stderr: expect.stringContaining('GPL-3.0-only') });
  });

  it('demands Apache-2.0 of the packages of this workspace', () => {
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ packages: { '': {}, 'libs/one': { license: 'UNLICENSED' } } }),
    );
    const { status, stderr } = spawnSync(process.execPath, [LICENCES, folder], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, 'The license in package.json is not Apache-2.0 in libs/one.\n']);
  });

  it('allows the licences of libvips and npm, and any licence in development', () => {
    const libvips = { '@img/sharp-libvips-linux-x64': { license: 'LGPL-3.0-or-later', optional: true } };
    expect(check({ ...libvips, npm: { license: 'Artistic-2.0' }, tool: { license: 'X', dev: true } }).status).toBe(0);
    expect(check({ other: { license: 'Artistic-2.0' } }).status).toBe(1);
  });
});

describe('the check of engines', () => {
  it('accepts dependencies that accept the oldest Node of engines', () => {
    const packages = { one: { engines: { node: '>=20' } }, two: {}, three: { engines: { node: '^22.10 || >=24' } } };
    expect(check(packages, ENGINES)).toMatchObject({ status: 0, stderr: '' });
  });

  it('refuses a dependency that needs a newer Node, and names it', () => {
    const { status, stderr } = check({ one: { engines: { node: '^22.22.2 || >=24.15' } } }, ENGINES);
    expect(status).toBe(1);
    expect(stderr).toContain('apps/host promises Node >=22.15; one 1.2.3 needs ^22.22.2 || >=24.15\n');
  });
});
