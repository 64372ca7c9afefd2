import { describe, expect, it } from '@jest/globals';
import { problemsOf, type Manifest, type PackedPackage } from './problems.ts';

const MANIFEST: Manifest = {
  name: 'one',
  description: 'One.',
  license: 'Apache-2.0',
  homepage: 'https://example.org',
  repository: { url: 'https://example.org', directory: 'libs/one' },
  bugs: 'https://example.org/issues',
  engines: { node: '>=22.15' },
  exports: { '.': { '@tracebloc/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
};
const FILES: Record<string, string> = {
  LICENSE: 'the licence',
  NOTICE: 'the notice',
  'README.md': 'x'.repeat(300),
  'dist/index.js': '',
  'dist/index.d.ts': '',
  'dist/index.js.map': '{"sources":["../src/index.ts"],"sourcesContent":["code"]}',
};

function check(manifest: Partial<Manifest> = {}, changed: Record<string, string | undefined> = {}): string[] {
  const content = { ...FILES, ...changed };
  const options: PackedPackage = {
    folder: 'libs/one',
    manifest: { ...MANIFEST, ...manifest },
    files: Object.keys(content).filter((path) => content[path] !== undefined),
    read: (path) => content[path]!,
    legal: { LICENSE: 'the licence', NOTICE: 'the notice' },
  };
  return problemsOf(options);
}

describe('the check of packages', () => {
  it('finds nothing wrong with a complete package', () => {
    expect(check()).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, Record<string, string | undefined>, string]>([
    ['a README', {}, { 'README.md': undefined }, 'README.md is missing or too short'],
    ['the licence of the repository', {}, { LICENSE: 'another' }, 'LICENSE is missing or not that of the repository'],
    ['a repository', { repository: undefined }, {}, 'package.json has no repository'],
    ['its types', {}, { 'dist/index.d.ts': undefined }, 'dist/index.d.ts is not packed'],
    ['its program', { bin: { one: './bin/run.js' } }, {}, 'bin/run.js is not packed'],
    ['no tests', {}, { 'dist/a.test.js': '' }, 'dist/a.test.js is a file of the tests or the compiler'],
    ['sources in its maps', {}, { 'dist/index.js.map': '{"sources":["a"]}' }, 'dist/index.js.map has no sources'],
    ['a manifest of its commands', { oclif: { commands: {} } }, {}, 'scripts.prepack makes no oclif.manifest.json'],
  ])('demands %s', (_, manifest, files, problem) => {
    expect(check(manifest, files)).toContain(problem);
  });
});
