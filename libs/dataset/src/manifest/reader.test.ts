import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { InterruptedError } from '@tracebloc/ingestor-core';
import { openReader } from './reader.js';
import { csvFormat, readContent, temporaryFolder } from './reading.test-support.js';
import { createReport } from '../findings/report.js';

const ROWS = 20_000;
const content = `a,b\n${'1,some text to fill the line\n'.repeat(ROWS)}`;
const isOpen = (path: string) =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // It was closed after it was listed.
    }
  });

const options = (path: string) =>
  ({ format: 'csv', path, file: 'x.csv', csv: { ...csvFormat, chunkSize: 4096 }, missing: 'tokens' }) as const;

describe('openReader', () => {
  it.each([
    ['file-not-found', (folder: string) => `${folder}/absent.csv`],
    ['not-a-file', (folder: string) => folder],
  ])('refuses a path with %s', (code, path) => {
    using folder = temporaryFolder();
    expect(() => openReader(options(path(folder.path)))).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });

  it('returns the missing values of the task and those of the configuration', () => {
    using folder = temporaryFolder();
    const path = folder.write('a\n1\n');
    const csv = { ...csvFormat, naValues: ['?'] };
    expect([...openReader({ ...options(path), csv, missing: 'empty' }).missing]).toEqual(['?']);
    expect([...openReader({ ...options(path), csv }).missing]).toEqual([
      ...['NA', 'N/A', 'NaN', 'NULL', 'null', 'None', 'n/a', 'nan', 'none', '<NA>', '#N/A', '#NA', '\\N', '?'],
    ]);
    const own = openReader({ ...options(path), csv: { ...csv, keepDefaultNa: false, naColumns: { a: ['-'] } } });
    expect([...own.missing]).toEqual(['?']);
    expect([...own.missingOf('a')]).toEqual(['?', '-']);
    expect([...own.missingOf('b')]).toEqual(['?']);
  });

  it('keeps the file open only while it is read, even if the caller stops early', async () => {
    using folder = temporaryFolder();
    const path = folder.write(content);
    const manifest = (await openReader(options(path)).open(createReport(), new AbortController().signal))!;
    expect(isOpen(path)).toBe(false);
    for await (const batch of manifest.batches) {
      expect(batch.rows.length).toBeGreaterThan(0);
      expect(isOpen(path)).toBe(true);
      break;
    }
    expect(isOpen(path)).toBe(false);
  });

  it('reads only as far as its caller needs', async () => {
    using folder = temporaryFolder();
    const reader = openReader(options(folder.write(content)));
    const manifest = (await reader.open(createReport(), new AbortController().signal))!;
    for await (const { rows } of manifest.batches) {
      expect(rows.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(reader.read).toBeLessThanOrEqual(2 * 4096);
      break;
    }
  });

  it('throws an InterruptedError on abort, and closes the file', async () => {
    using folder = temporaryFolder();
    const path = folder.write(content);
    const abort = new AbortController();
    const manifest = (await openReader(options(path)).open(createReport(), abort.signal))!;
    let rowsRead = 0;
    const reading = (async () => {
      for await (const { rows } of manifest.batches) {
        rowsRead += rows.length;
        abort.abort();
      }
    })();
    await expect(reading).rejects.toThrow(InterruptedError);
    expect(rowsRead).toBeLessThan(ROWS / 10);
    expect(isOpen(path)).toBe(false);
  });

  it('reports each finding once, although it reads the beginning twice', async () => {
    const { report } = await readContent('a,b\n1\n1,2\n');
    expect(report.totals()).toEqual([{ code: 'ragged-row', severity: 'error', total: 1 }]);
  });

  it.each([
    ['csv', '\n'],
    ['json', '{}\n'],
  ] as const)('returns few rows at a time if short rows of %s become many cells', async (format, row) => {
    using folder = temporaryFolder();
    const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    const first =
      format === 'csv' ? names.join(',') : JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
    const path = folder.write(`${first}\n${row.repeat(4000)}`);
    const csv = { ...csvFormat, skipBlankLines: false };
    const reader = openReader({ format, path, file: 'x', csv, missing: 'tokens' });
    const manifest = (await reader.open(createReport(), new AbortController().signal))!;
    let rows = 0;
    for await (const batch of manifest.batches) {
      rows += batch.rows.length;
      expect(batch.rows.length * names.length).toBeLessThanOrEqual(2 ** 20 + names.length);
    }
    expect(rows).toBe(format === 'csv' ? 4000 : 4001);
  });

  it('refuses too many columns before it compares their names', async () => {
    const columns = (count: number) => readContent(`${'c,'.repeat(count - 1)}d\n1\n`);
    const { report } = await columns(200_001);
    expect(report.findings()).toEqual([
      expect.objectContaining({
        code: 'too-many-columns',
        message: 'The header has 200001 columns; the most that a manifest may have is 200000.',
      }),
    ]);
    const { report: fewer } = await readContent(`${'c,'.repeat(199_999)}d\n${'1,'.repeat(199_999)}2\n`);
    expect(fewer.findings()).toEqual([]);
  });
});
