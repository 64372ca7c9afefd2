import { extname } from 'node:path';
import { DISTINCT_LIMIT, VALUES_LIMIT } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import type { ManifestProfile, Report } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';
import { openReader } from '../manifest/reader.js';
import { ColumnProfiler } from './column-profiler.js';
import { detectDelimiter } from './delimiter.js';

const JSON_EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
/** Distinct values that are held at once, of all columns. */
const DISTINCT_BUDGET = 100 * DISTINCT_LIMIT;

/**
 * Reads a table to its end and tells what its columns hold. Gives nothing where not every row can be read, which is
 * then reported. Throws an `IngestorError` when the path is no file that can be read.
 */
export async function profileManifest(
  path: string,
  report: Report,
  signal: AbortSignal,
): Promise<ManifestProfile | undefined> {
  const format = JSON_EXTENSIONS.includes(extname(path).toLowerCase()) ? 'json' : 'csv';
  const options = { format, path, file: path, csv: CSV_DEFAULTS, missing: 'tokens' } as const;
  // Opened first, since it says best why a file cannot be.
  openReader(options);
  const delimiter = format === 'csv' ? await detectDelimiter(path) : CSV_DEFAULTS.delimiter;
  const reader = openReader({ ...options, csv: { ...CSV_DEFAULTS, delimiter } });
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
  return { path, format, delimiter, rows, columns: profilers.map((profiler) => profiler.profile()) };
}
