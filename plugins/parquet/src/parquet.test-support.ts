import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createReport, openReader, type ReaderOptions } from '@tracebloc/ingestor-dataset';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { parquet } from './format.js';

/** A folder that is removed at the end of its `using` block, and a database that writes files into it. */
export async function workplace() {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-parquet-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  return {
    path: (name: string) => join(folder, name),
    run: (sql: string) => connection.run(sql),
    /** Writes what a query returns to a file, and returns the path of it. */
    async write(query: string, options = 'format parquet', name = 'data.parquet'): Promise<string> {
      const path = join(folder, name);
      await connection.run(`COPY (${query}) TO '${path}' (${options})`);
      return path;
    },
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function readTable(path: string, more: Partial<ReaderOptions> = {}) {
  const options = {
    format: 'parquet',
    table: parquet,
    path,
    file: 'data',
    csv: CSV_DEFAULTS,
    missing: 'tokens',
  } as const;
  const reader = openReader({ ...options, ...more });
  const report = createReport();
  const signal = new AbortController().signal;
  const manifest = await reader.open(report, signal);
  const rows: string[][] = [];
  const lines: number[] = [];
  for await (const batch of manifest?.batches ?? []) {
    rows.push(...batch.rows);
    lines.push(...batch.lines);
  }
  return { header: manifest?.header, rows, lines, report, reader };
}
