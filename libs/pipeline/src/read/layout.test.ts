import { expect, it } from '@jest/globals';
import type { DataLayout } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { createReport, openReader } from '@tracebloc/ingestor-dataset';
import { reportByLayout } from './layout.js';

const request = { path: '/data/boxes.json', form: 'keypoints', options: {}, folders: {} } as const;
const places = { files: [], folders: {} };

/** Rows that are every tenth element of a file, or every tenth line if it has no column. */
const layoutOf = (column?: string): DataLayout => ({
  ...{ kind: 'layout', name: 'boxes', title: 'Boxes', summary: 'Boxes.', names: 'file', extensions: [], options: {} },
  ...{ forms: ['keypoints'], findings: [], locate: async () => places },
  open: async () => ({
    ...{ columns: [{ name: 'filename', sql: 'TEXT' }], rows: 1, folders: {} },
    async *read() {
      yield { rows: [['a']], lines: [1] };
    },
    locate: (_file, row) =>
      row === undefined ? undefined : { file: 'boxes.json', row: 10 * row, ...(column && { column }) },
  }),
});

it.each([
  ['images', 'element 20 of images'],
  [undefined, 'line 20 of boxes.json'],
])('a row is a place on disk, with the column %s', async (column, second) => {
  const source = { layout: layoutOf(column), request, places };
  const options = {
    format: 'boxes',
    path: request.path,
    file: request.path,
    csv: CSV_DEFAULTS,
    missing: 'empty',
  } as const;
  const reader = openReader({ ...options, layout: source });
  const report = createReport();
  await reader.open(report, new AbortController().signal);
  const located = reportByLayout(report, () => reader);
  const texts = { message: 'It differs from row 2.', expected: 'the names of row 2', fix: 'Correct it.' };
  located.add({ severity: 'error', code: 'x', file: request.path, row: 3, ...texts });
  located.note!('The points are pixels, as row 2 shows.');
  expect(report.findings()).toMatchObject([
    { file: 'boxes.json', row: 30, message: `It differs from ${second}.`, expected: `the names of ${second}` },
  ]);
  expect(report.notes()).toEqual([`The points are pixels, as ${second} shows.`]);
});
