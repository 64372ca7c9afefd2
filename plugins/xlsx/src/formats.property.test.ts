import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReport, openReader } from '@tracebloc/ingestor-dataset';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { readBook, workbook } from './workbook.test-support.js';

/** Texts without control characters, which XML does not have, and without what Excel writes for one. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((one) => !/[\0-\x1f\ufffe\uffff]|_x/.test(one));
const row = fc.tuple(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.option(text), fc.boolean());

async function readCsv(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-xlsx-'));
  try {
    const path = join(folder, 'data.csv');
    writeFileSync(path, content);
    const reader = openReader({ format: 'csv', path, file: 'data', csv: CSV_DEFAULTS, missing: 'tokens' });
    const manifest = await reader.open(createReport(), new AbortController().signal);
    const rows: string[][] = [];
    for await (const batch of manifest?.batches ?? []) rows.push(...batch.rows);
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('the same table in CSV and in a workbook has the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      // A workbook has no negative zero.
      const table = rows.map(([i, x, t, b]) => [i, x + 0, t, b] as const);
      const csv = table.map(([i, x, t, b]) => `${i},${x},${t === null ? '' : `"${t.replaceAll('"', '""')}"`},${b}\n`);
      const { rows: found, report } = await readBook(workbook({ A: [['i', 'x', 't', 'b'], ...table] }));
      expect(report.errors).toBe(0);
      expect(found).toEqual(await readCsv(`i,x,t,b\n${csv.join('')}`));
    }),
    { numRuns: 25 },
  );
});
