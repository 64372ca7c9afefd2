import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { resolveConfig, unstorableColumns } from '@tracebloc/ingestor-config';
import { expectLinear } from './growth.js';

const folder = mkdtempSync(join(tmpdir(), 'ingestor-growth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = [
  ...['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'category: no_such_task', 'table: t', 'intent: train'],
  ...['csv: absent.csv', 'label: l', ''],
].join('\n');

let files = 0;
function write(text: string): string {
  const path = join(folder, `${++files}.yaml`);
  writeFileSync(path, HEAD + text);
  return path;
}

/** Reads a configuration that is not valid. */
async function read(config: string): Promise<void> {
  const resolving = resolveConfig({ tasks: [], flags: { config }, env: {}, cwd: folder, purpose: 'validate' });
  await expect(resolving).rejects.toMatchObject({ exitCode: 2 });
}

const numbered = (size: number, text: (index: number) => string): string =>
  Array.from({ length: size }, (_, index) => text(index)).join('');

describe('the time for a configuration grows linearly with', () => {
  // If one item takes long, a smaller size shows the growth.
  it.each<[string, (size: number) => string, size?: number]>([
    ['columns', (size) => `schema:\n${numbered(size, (i) => `  c${i}: INT\n`)}`],
    ['columns in braces', (size) => `schema: {${numbered(size, (i) => `c${i}: INT,`)}}`],
    ['columns of unknown types', (size) => `schema:\n${numbered(size, (i) => `  c${i}: INTT\n`)}`],
    ['columns with a type that is not valid', (size) => `schema:\n${numbered(size, (i) => `  c${i}: {}\n`)}`],
    ['columns that differ in case', (size) => `schema:\n${numbered(size, (i) => `  c${i}: INT\n  C${i}: INT\n`)}`],
    ['unknown fields', (size) => numbered(size, (i) => `field${i}: 1\n`)],
    ['unknown fields of spec', (size) => `spec:\n${numbered(size, (i) => `  field${i}: 1\n`)}`],
    ['one field many times', (size) => 'table: t\n'.repeat(size)],
    ['missing values', (size) => `spec: {csv_options: {na_values: [${'a,'.repeat(size)}]}}`],
    ['missing values that are not texts', (size) => `spec: {csv_options: {na_values: [${'{},'.repeat(size)}]}}`],
    ['anchors', (size) => `schema:\n${numbered(size, (i) => `  c${i}: &a${i} INT\n`)}`],
    ['aliases', (size) => `schema: {a: &a INT, ${numbered(size, (i) => `c${i}: *a,`)}}`],
    ['merges', (size) => `schema: {a: &a {b: INT}, <<: [${'*a,'.repeat(size)}]}`],
    ['brackets', (size) => `schema: ${'['.repeat(size)}`, 400],
    ['dashes', (size) => `schema:\n  ${'- '.repeat(size)}`],
    ['tabs', (size) => '\ttable: t\n'.repeat(size)],
    ['comments', (size) => '# x\n'.repeat(size)],
    ['documents', (size) => '---\n'.repeat(size)],
    ['errors', (size) => 'a: b: c\n'.repeat(size), 400],
    ['escapes that are not valid', (size) => `title: "${'\\q'.repeat(size)}"`],
    ['lines of a text', (size) => `title: "${'a\n'.repeat(size)}"`],
    ['a long name', (size) => `"${'x'.repeat(16 * size)}": 1`],
    ['a long number', (size) => `schema: {a: ${'1'.repeat(16 * size)}}`],
  ])('%s', async (_name, text, size = 1500) => {
    await expectLinear({ size, input: (count) => write(text(count)), work: read });
  });

  it('names that are not valid in a table', async () => {
    const input = (size: number) => Array.from({ length: size }, (_, index) => `Name ${index % 5000}`);
    await expectLinear({ size: 20_000, input, work: unstorableColumns });
  });
});

describe('a large configuration is refused: it has', () => {
  it.each([
    ['values and signs', `schema: [${'{},'.repeat(120_000)}]`, 'more than 300000 values and signs'],
    ['bytes', '# comment\n'.repeat(110_000), 'has more than 1048576 bytes'],
  ])('too many %s', async (_name, text, message) => {
    const config = write(text);
    const resolving = resolveConfig({ tasks: [], flags: { config }, env: {}, cwd: folder, purpose: 'validate' });
    await expect(resolving).rejects.toThrow(message);
  });

  it('long names, which messages cut', async () => {
    const long = 'x'.repeat(100_000);
    const config = write(`? ${long}\n: 1\nschema:\n  ? ${long}\n  : INTT\n  a: ${'1'.repeat(100_000)}\n`);
    const resolving = resolveConfig({ tasks: [], flags: { config }, env: {}, cwd: folder, purpose: 'validate' });
    const error: Error = await resolving.then(
      () => new Error('It was accepted.'),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toContain('x'.repeat(40));
    expect(error.message.length).toBeLessThan(5000);
  });
});
