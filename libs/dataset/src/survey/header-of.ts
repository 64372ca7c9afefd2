import type { TableFormat } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, IngestorError } from '@tracebloc/ingestor-core';
import { createReport } from '../findings/report.js';
import { openReader } from '../manifest/reader.js';
import { actualFormat } from './actual-format.js';
import { detectFormat } from './detect-format.js';

/** Returns the names of the columns of a file, as `init` would have it read, or `undefined` if its header cannot be read. */
export async function headerOf(
  path: string,
  formats: readonly TableFormat[],
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { name: format } = await actualFormat(path, formats);
  const table = formats.find(({ name }) => name === format);
  try {
    const source = { format, table, path, file: path, csv: CSV_DEFAULTS, missing: 'tokens', columns: 'all' } as const;
    openReader(source);
    const { csv, records } = table
      ? { csv: CSV_DEFAULTS, records: undefined }
      : await detectFormat(path, format as 'csv' | 'json', signal);
    const manifest = await openReader({ ...source, csv, json: { records } }).open(createReport(), signal);
    return manifest?.header;
  } catch (error) {
    if (error instanceof IngestorError) return undefined;
    throw error;
  }
}
