import { type Cell, parseSqlType } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { createReport } from '../findings/report.js';
import { openReader } from '../manifest/reader.js';
import { csvFormat, temporaryFolder } from '../manifest/reading.test-support.js';
import { concludeRows, openRecords, type LabelCheck } from '../records/rows.js';
import type { JsonValue } from '@tracebloc/ingestor-contract';

interface ReadTable {
  label?: string;
  /** Default: 1. */
  shards?: number;
  labelCheck?: LabelCheck;
}

/**
 * Reads a CSV with a schema as a task on tables does. `found` has the code, severity, column and fix of each finding; `values`
 * has the values of the schema's columns.
 */
export async function readTable(
  content: string,
  schema: Readonly<Record<string, string>>,
  csv: Partial<CsvFormat> = {},
  { label, shards = 1, labelCheck = { add: () => undefined, partial: () => null } }: ReadTable = {},
) {
  using folder = temporaryFolder();
  const path = folder.write(content);
  const report = createReport();
  const { signal } = new AbortController();
  const all = Object.entries(schema).map(([name, type]) => ({ name, type: parseSqlType(type) }));
  const columns = all.filter(({ name }) => name !== label);
  const values: Cell[][] = [];
  const labels: (string | null)[] = [];
  const parts: JsonValue[] = [];
  for (let index = 0; index < shards; index++) {
    const dataset = openReader({
      ...{ format: 'csv', path, file: 'data', csv: { ...csvFormat, ...csv }, missing: 'tokens' },
      ...(shards > 1 && { shard: { index, count: shards, rows: 'own' } }),
    } as const);
    const context = {
      ...{ dataset, options: {}, schema: all, columns, folders: {}, wantsFiles: true, report, signal },
      ...(label !== undefined && { label }),
      ...(shards > 1 && { handOn: (part: JsonValue) => void parts.push(part) }),
    };
    const rows = await openRecords(context, labelCheck);
    for await (const { records } of rows?.batches ?? []) {
      for (const record of records) {
        if (!dataset.isOwn(record.row)) continue;
        values.push([...record.values]);
        labels.push(record.label);
      }
    }
  }
  if (shards > 1) {
    const about = { report, file: 'data', schema: all, columns, options: {}, ...(label !== undefined && { label }) };
    concludeRows(labelCheck, JSON.parse(JSON.stringify(parts)) as JsonValue[], about);
  }
  const found = report.findings().map(({ code, severity, column, fix }) => [code, severity, column, fix]);
  return { values, labels, report, found };
}
