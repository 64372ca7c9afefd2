import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

import type { Report } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { createReport, openReader, reportUnlisted, resolveColumns, surveyPath } from '@tracebloc/ingestor-dataset';
import { expectLinear } from './growth.js';

const folder = mkdtempSync(join(tmpdir(), 'ingestor-growth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
let files = 0;
function write(text: string, extension: string): string {
  const path = join(folder, `${++files}.${extension}`);
  writeFileSync(path, text);
  return path;
}
const numbered = (size: number, text: (index: number) => string): string[] =>
  Array.from({ length: size }, (_, index) => text(index));

async function read(path: string, report: Report = createReport()): Promise<void> {
  const format = path.endsWith('.json') ? 'json' : 'csv';
  const reader = openReader({ format, path, file: 'data', csv: CSV_DEFAULTS, missing: 'tokens' });
  const manifest = await reader.open(report, signal);
  if (!manifest) return;
  const search = { header: manifest.header, file: 'data', report };
  const wanted = numbered(100, (index) => `c${index}`);
  reportUnlisted(search, resolveColumns(search, wanted).values());
  for await (const { rows } of manifest.batches) expect(rows.length).toBeGreaterThanOrEqual(0);
}

describe('the time for a manifest grows linearly with', () => {
  it.each<[string, string, (size: number) => string]>([
    ['plain columns', 'csv', (size) => `${numbered(size, (i) => `c${i}`).join()}\n${'1,'.repeat(size - 1)}1\n`],
    ['quoted columns', 'csv', (size) => `${numbered(size, (i) => `"c${i}"`).join()}\n${'"1",'.repeat(size - 1)}1\n`],
    ['columns of one name', 'csv', (size) => `${'c,'.repeat(size)}c\n1\n`],
    ['columns without a name', 'csv', (size) => `${','.repeat(size)}\n1\n`],
    ['keys of a JSON record', 'json', (size) => `[{${numbered(size, (i) => `"c${i}":1`).join()}}]`],
    ['keys of two JSON records', 'json', (size) => `{${numbered(size, (i) => `"c${i}":[]`).join()}}\n`.repeat(2)],
    ['keys of one name', 'json', (size) => `{${'"c":1,'.repeat(size)}"c":1}`],
    ['unexpected keys', 'json', (size) => `{"c":1}\n{${numbered(size, (i) => `"d${i}":1`).join()}}\n`],
    ['a cell', 'csv', (size) => `a,b\n${'x'.repeat(64 * size)},1\n`],
    ['a quoted cell', 'csv', (size) => `a,b\n"${'x\n""'.repeat(16 * size)}",1\n`],
    ['a record without a line end', 'csv', (size) => `a,b\n${'1,'.repeat(16 * size)}`],
    ['quoted cells of one record', 'csv', (size) => `a,b\n${'"1",'.repeat(4 * size)}1\n`],
    ['spaces', 'csv', (size) => `a,b\n${' '.repeat(64 * size)}\n`],
    ['carriage returns', 'csv', (size) => `a,b\n${'\r'.repeat(16 * size)}1,2\n`],
    ['plain records', 'csv', (size) => `a,b\n${'1,2\n'.repeat(4 * size)}`],
    ['ragged records', 'csv', (size) => `a,b\n${'1\n'.repeat(4 * size)}`],
    ['text after quotes', 'csv', (size) => `a,b\n${'"a"b,1\n'.repeat(size)}`],
    ['quotes that swallow the next line', 'csv', (size) => `a,b\n${'1,"a\n'.repeat(size)}`],
    ['a quote that swallows everything', 'csv', (size) => `a,b\n1,"a\n${'1,2\n'.repeat(2 * size)}`],
    ['quoted cells with spaces around', 'csv', (size) => `a,b\n${' "1" ,'.repeat(4 * size)}1\n`],
    ['an unquoted cell with quotes', 'csv', (size) => `a,b\n${'x"'.repeat(32 * size)},1\n`],
    ['quoted records', 'csv', (size) => `a,b\n${'"1","2"\n'.repeat(size)}`],
    ['a JSON text', 'json', (size) => `[{"c":"${'x'.repeat(64 * size)}"}]`],
    ['a JSON text of brackets', 'json', (size) => `[{"c":"${'}'.repeat(4 * size)}"}]`],
    ['a JSON text of escapes', 'json', (size) => `[{"c":"${'\\n'.repeat(16 * size)}"}]`],
    ['a JSON number', 'json', (size) => `[{"c":${'1'.repeat(64 * size)}}]`],
    ['spaces of a JSON array', 'json', (size) => `[${' '.repeat(64 * size)}{"c":1}]`],
    ['nested JSON', 'json', (size) => `[{"c":${'['.repeat(size)}${']'.repeat(size)}}]`],
    ['JSON records', 'json', (size) => `[${'{"c":1},'.repeat(size)}{"c":1}]`],
    ['JSON lines', 'json', (size) => '{"c":1}\n'.repeat(size)],
    ['a JSON line', 'json', (size) => `{"c":"${'x'.repeat(64 * size)}"}`],
    ['broken JSON lines', 'json', (size) => '{"c":\n'.repeat(size)],
  ])('%s', async (_name, extension, text) => {
    await expectLinear({ size: 8000, input: (size) => write(text(size), extension), work: (path) => read(path) });
  });
});

describe('the time for a survey grows linearly with', () => {
  it.each<[string, (size: number) => string]>([
    ['columns', (size) => `${numbered(size, (i) => `c${i}`).join()}\n${'1,'.repeat(size - 1)}1\n`],
    ['values', (size) => `a\n${numbered(8 * size, (i) => `value ${i}`).join('\n')}\n`],
  ])('%s', async (_name, text) => {
    const input = (size: number) => write(text(size), 'csv');
    await expectLinear({ size: 2000, input, work: (path) => surveyPath(path, signal) });
  });
});
