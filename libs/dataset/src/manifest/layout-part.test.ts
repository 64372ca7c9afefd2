import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type DataLayout, type Finding, type LayoutTable, TableError } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { createReport } from '../findings/report.js';
import { openReader } from './reader.js';

const ROWS = ['a', 'b', 'c', 'd', 'e'];
const PROBLEM: Finding = { severity: 'error', code: 'odd', message: 'The entry is odd.', fix: 'Correct it.', row: 2 };

/** Opens a layout with five rows, and returns those of a shard with what was reported. */
async function readRows({
  shard = 0,
  count = 1,
  problem = PROBLEM,
}: { shard?: number; count?: number; problem?: Finding } = {}) {
  const path = join(await mkdtemp(join(tmpdir(), 'layout-part-')), 'data.json');
  await writeFile(path, '{}');
  const report = createReport();
  const table: LayoutTable = {
    columns: [{ name: 'filename' }],
    rows: ROWS.length,
    folders: {},
    async *read(from, to) {
      yield {
        rows: ROWS.slice(from, to).map((row) => [row]),
        lines: ROWS.slice(from, to).map((_row, at) => from + at + 1),
      };
    },
  };
  const layout: Pick<DataLayout, 'open'> = {
    async open(_request, { report: given }) {
      given.add(problem);
      given.note?.('The data has a note.');
      return table;
    },
  };
  const request = { path, form: 'boxes', options: {}, folders: {} } as const;
  const source = { layout: layout as DataLayout, request, places: { files: [path], folders: {} } };
  const reader = openReader({
    ...{ path, file: path, format: 'odd', csv: CSV_DEFAULTS, missing: 'empty', layout: source },
    ...(count > 1 && { shard: { index: shard, count, rows: 'own' as const } }),
  });
  const manifest = (await reader.open(report, new AbortController().signal))!;
  const rows: string[] = [];
  for await (const batch of manifest.batches) rows.push(...batch.rows.map(([cell]) => cell!));
  return { rows, findings: report.findings(), notes: report.notes(), path };
}

it('gives the rows after an error of the layout, which names the file', async () => {
  const { rows, findings, notes, path } = await readRows();
  expect(rows).toEqual(ROWS);
  expect(findings).toEqual([{ ...PROBLEM, file: path }]);
  expect(notes).toEqual(['The data has a note.']);
});

it('keeps the file that a finding of the layout names', async () => {
  const { findings } = await readRows({ problem: { ...PROBLEM, file: 'labels/a.txt' } });
  expect(findings).toEqual([{ ...PROBLEM, file: 'labels/a.txt' }]);
});

it('divides the rows among shards, of which the first says what is wrong', async () => {
  const shards = await Promise.all([0, 1].map((shard) => readRows({ shard, count: 2 })));
  expect(shards.flatMap(({ rows }) => rows)).toEqual(ROWS);
  expect(shards.map(({ findings }) => findings.length)).toEqual([1, 0]);
});

it('reports a dataset that cannot be opened', async () => {
  const report = createReport();
  const path = join(await mkdtemp(join(tmpdir(), 'layout-part-')), 'data.json');
  await writeFile(path, '{}');
  const layout = { open: () => Promise.reject(new TableError('The file is cut off.', 'Export it again.')) };
  const request = { path, form: 'boxes', options: {}, folders: {} } as const;
  const source = { layout: layout as unknown as DataLayout, request, places: { files: [path], folders: {} } };
  const reader = openReader({ path, file: path, format: 'odd', csv: CSV_DEFAULTS, missing: 'empty', layout: source });
  expect(await reader.open(report, new AbortController().signal)).toBeUndefined();
  expect(report.findings()).toMatchObject([{ code: 'unreadable-table', message: 'The file is cut off.' }]);
});
