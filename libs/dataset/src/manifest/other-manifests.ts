import { IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { createReport } from '../findings/report.js';
import { openReader } from './reader.js';
import type { ReaderOptions } from './types.js';

/**
 * Reads the texts of one column in other manifests, which are written as the dataset's own. A manifest that cannot be read
 * or lacks the column has none.
 */
export async function* readOtherManifests(
  paths: readonly string[],
  options: Omit<ReaderOptions, 'path' | 'file' | 'columns' | 'shard'>,
  column: string,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  for (const path of paths) {
    try {
      const reader = openReader({ ...options, path, file: path, columns: [column] });
      const manifest = await reader.open(createReport(0), signal);
      const at = manifest?.header.indexOf(column) ?? -1;
      if (!manifest || at === -1) continue;
      for await (const { rows } of manifest.batches) for (const cells of rows) yield cells[at]!;
    } catch (error) {
      if (!(error instanceof IngestorError) || error instanceof InterruptedError) throw error;
    }
  }
}
