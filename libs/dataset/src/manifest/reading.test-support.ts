import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetReader } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, type CsvFormat } from '@tracebloc/ingestor-core';
import { openReader } from './reader.js';
import { type CollectedReport, createReport } from '../findings/report.js';
import { UnreadableError } from '../findings/findings.js';
import { Utf8Decoder } from '../encoding/utf8.js';
import type { ParseRows, ReaderOptions } from './types.js';

export const csvFormat: CsvFormat = { ...CSV_DEFAULTS, chunkSize: 64 * 1024 };

/** Makes a folder that is removed at the end of its `using` block. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'ingestor-dataset-'));
  return {
    path,
    write(content: string | Uint8Array, name = 'data'): string {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface ReadResult {
  header?: readonly string[];
  rows: string[][];
  lines: number[];
  report: CollectedReport;
  reader: DatasetReader;
}

export async function readAll(options: ReaderOptions, report = createReport()): Promise<ReadResult> {
  const reader = openReader(options);
  const manifest = await reader.open(report, new AbortController().signal);
  const result: ReadResult = { header: manifest?.header, rows: [], lines: [], report, reader };
  for await (const { rows, lines } of manifest?.batches ?? []) {
    result.rows.push(...rows);
    result.lines.push(...lines);
  }
  return result;
}

/** Reads all rows of a table, and keeps none. */
export async function readToEnd(reader: DatasetReader): Promise<void> {
  const manifest = await reader.open(createReport(), new AbortController().signal);
  const batches = manifest?.batches[Symbol.asyncIterator]();
  while (batches && (await batches.next()).done !== true);
}

/** Writes the content to a file and reads it as CSV or JSON. */
export async function readContent(
  content: string | Uint8Array,
  format: ReaderOptions['format'] = 'csv',
  csv: Partial<CsvFormat> = {},
): Promise<ReadResult> {
  using folder = temporaryFolder();
  const path = folder.write(content);
  return await readAll({ format, path, file: 'data', csv: { ...csvFormat, ...csv }, missing: 'tokens' });
}

/**
 * Parses a content that arrives in pieces of these sizes in bytes, which are repeated. Returns the rows, with the header
 * first. It needs no file, so that a test can call it many times.
 */
export async function parsePieces(parse: ParseRows, content: string, sizes: readonly number[]) {
  const report = createReport();
  const result = { rows: [] as string[][], lines: [] as number[], report };
  const bytes = Buffer.from(content);
  const decoder = new Utf8Decoder();
  async function* pieces() {
    for (let start = 0, piece = 0; start < bytes.length; piece++) {
      const end = start + sizes[piece % sizes.length]!;
      yield decoder.push(bytes.subarray(start, end));
      start = end;
    }
  }
  try {
    const observer = { report, skip: () => undefined, pass: () => undefined, position: 'wanted' } as const;
    for await (const { rows, lines } of parse(pieces(), observer)) {
      result.rows.push(...rows);
      result.lines.push(...lines);
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    report.add(error.finding);
  }
  return result;
}

/** Returns the code and the row of each finding. */
export const codes = ({ report }: ReadResult) => report.findings().map(({ code, row }) => [code, row]);
