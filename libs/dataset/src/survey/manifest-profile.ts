import { extname } from 'node:path';
import { DISTINCT_LIMIT, VALUES_LIMIT } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import type { ManifestProfile, Report } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';
import { detectEncoding } from '../encoding/detect-file.js';
import { openReader } from '../manifest/reader.js';
import { ColumnProfiler } from './column-profiler.js';
import { detectDelimiter } from './delimiter.js';

const JSON_EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
/** The most distinct values in memory, for all columns together. */
const DISTINCT_BUDGET = 100 * DISTINCT_LIMIT;

/**
 * Reads a table to its end and profiles its columns. Returns `undefined` if some row cannot be read, which is reported.
 * Throws an `IngestorError` if the path is not a readable file.
 */
export async function profileManifest(
  path: string,
  report: Report,
  signal: AbortSignal,
): Promise<ManifestProfile | undefined> {
  const format = JSON_EXTENSIONS.includes(extname(path).toLowerCase()) ? 'json' : 'csv';
  const options = { format, path, file: path, csv: CSV_DEFAULTS, missing: 'tokens' } as const;
  // It is opened first because its error says best why a file cannot be read.
  openReader(options);
  const { encoding = CSV_DEFAULTS.encoding, others, hasFewWords } = (await detectEncoding(path, signal)) ?? {};
  const delimiter = format === 'csv' ? await detectDelimiter(path, encoding) : CSV_DEFAULTS.delimiter;
  const reader = openReader({ ...options, csv: { ...CSV_DEFAULTS, delimiter, encoding } });
  const errorsBefore = report.errors;
  const manifest = await reader.open(report, signal);
  if (!manifest) return undefined;

  const isMissing = compileMissing(reader.missing);
  const limit = Math.max(
    VALUES_LIMIT + 1,
    Math.min(DISTINCT_LIMIT, Math.floor(DISTINCT_BUDGET / manifest.header.length)),
  );
  const profilers = manifest.header.map((name) => new ColumnProfiler(name, isMissing, limit));
  let rows = 0;
  for await (const batch of manifest.batches) {
    rows += batch.rows.length;
    for (const row of batch.rows) {
      for (let index = 0; index < row.length; index++) profilers[index]!.add(row[index]!);
    }
  }
  if (report.errors > errorsBefore) return undefined;
  const found = others && { encoding, otherEncodings: others, ...(hasFewWords && { hasFewWords }) };
  return { path, format, delimiter, ...found, rows, columns: profilers.map((profiler) => profiler.profile()) };
}
