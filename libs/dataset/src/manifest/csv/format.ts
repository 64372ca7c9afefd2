import type { TextTable, TextTableFormat } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { findJson } from '../foreign-format.js';
import { diagnoseHeader } from './diagnose.js';
import { parseCsv } from './rows.js';

/** CSV. Its options are `CsvFormat`, which the configuration checks itself. */
export const CSV_FORMAT: TextTableFormat<CsvFormat> = {
  kind: 'text',
  name: 'csv',
  title: 'CSV',
  summary: 'The manifest as CSV.',
  extensions: ['.csv', '.tsv', '.tab', '.txt'],
  options: { type: 'object' },
  open: openCsv,
};

function openCsv(format: CsvFormat): TextTable {
  const { header } = format;
  return {
    parse: parseCsv(format),
    hasHeaderLine: header !== 'none' && (header === undefined || header.length === 1),
    skipsBadRows: format.onBadLines === 'warn',
    refuse: async (beginning) => findJson(beginning),
    doubt: (beginning) => diagnoseHeader({ ...beginning, format }),
  };
}
