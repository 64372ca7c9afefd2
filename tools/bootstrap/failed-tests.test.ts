import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeFailures, runAndKeep } from './failed-tests.mjs';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'failed-tests-'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

/** Runs jest on test files as a task of nx, and returns what is said about it. */
function failuresOf(files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
  const failed = join(project, 'failed');
  const config = {
    rootDir: project,
    reporters: ['default', [pathOf('jest.failed-tests.mjs'), { folder: failed }]],
    testMatch: ['**/*.test.mjs'],
    moduleFileExtensions: ['mjs', 'js'],
    transform: {},
  };
  const jest = [pathOf('node_modules/jest/bin/jest.js'), '--runInBand', '--config', JSON.stringify(config)];
  const { stderr } = spawnSync(process.execPath, ['--experimental-vm-modules', ...jest], {
    encoding: 'utf8',
    cwd: project,
  });
  const lines = stripVTControlCharacters(stderr)
    .split('\n')
    .map((line) => `@tracebloc/a:  ${line}`);
  return describeFailures(failed, [
    ...lines,
    '',
    'Failed tasks:',
    '',
    '- @tracebloc/a:test',
    '',
    '  Run duration: 1 s',
  ]);
}

const namesIn = (text: string) => text.slice(text.lastIndexOf('\nFailed:\n')).trim().split('\n').slice(1);

it('says each failed test with its message, and the names last', () => {
  const text = failuresOf({
    'a.test.mjs': `import fc from ${JSON.stringify(pathOf('node_modules/fast-check/lib/fast-check.js'))};
      describe('numbers', () => {
        test('are small', () => fc.assert(fc.property(fc.integer(), (n) => expect(n).toBeLessThan(50)), { seed: 4711 }));
        test('are', () => undefined);
      });
      test('hangs', () => new Promise(() => undefined), 50);
      test('says much', () => { throw new Error('line\\n'.repeat(100)); });`,
    'b.test.mjs': 'syntax error',
    'c.test.mjs': `test('passes', () => undefined);`,
  });
  expect(text).toContain('seed: 4711');
  expect(text).toContain('Counterexample: [50]');
  expect(text).toContain('Exceeded timeout of 50 ms');
  expect(text).toMatch(/(\n +line){50,58}\n +… \d+ more lines\n/);
  expect(namesIn(text).sort()).toEqual([
    '  a.test.mjs ● hangs',
    '  a.test.mjs ● numbers › are small',
    '  a.test.mjs ● says much',
    '  b.test.mjs ● Test suite failed to run',
  ]);
});

it('says which test file ran when jest was killed, and its last lines', () => {
  const text = failuresOf({
    'a.test.mjs': `test('kills', () => { process.stderr.write('about to end\\n'); process.kill(process.pid, 'SIGKILL'); });`,
  });
  expect(text).toContain('about to end');
  expect(namesIn(text)).toEqual([
    expect.stringMatching(/^ {2}jest ended early \(\S+\.jsonl\) while it ran a\.test\.mjs$/),
    '  @tracebloc/a:test ended without saying which test failed',
  ]);
});

it('says the last lines of a task that ended before jest began', () => {
  const lines = [
    '@tracebloc/a:  other',
    '@tracebloc/b:  src/x.ts(1,1): error',
    'Failed tasks:',
    '- @tracebloc/b:build',
  ];
  const text = describeFailures(join(project, 'none'), lines);
  expect(text).toContain('@tracebloc/b:  src/x.ts(1,1): error');
  expect(text).not.toContain('other');
  expect(namesIn(text)).toEqual(['  @tracebloc/b:build ended without saying which test failed']);
});

it('says nothing about tests that passed', () => {
  const text = failuresOf({ 'a.test.mjs': `test('passes', () => undefined);` });
  expect(namesIn(text)).toEqual(['  @tracebloc/a:test ended without saying which test failed']);
  expect(describeFailures(join(project, 'failed'), [])).toBe('');
});

it('keeps the lines of a command without colours, and its exit code', async () => {
  const script = `process.stdout.write('\\u001b[31mred\\u001b[39m\\nsecond\\n'); process.exitCode = 3;`;
  expect(await runAndKeep(process.execPath, ['-e', script], {})).toEqual({ code: 3, lines: ['red', 'second'] });
});
