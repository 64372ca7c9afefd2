import type { FileTableFormat } from '@tracebloc/ingestor-contract';

/** Parquet files. */
export const parquet: FileTableFormat = {
  kind: 'file',
  name: 'parquet',
  title: 'Parquet',
  summary: 'The manifest as a Parquet file, or a pattern that names several. Its columns have no lists, maps or bytes.',
  extensions: ['.parquet', '.pq', '.parq'],
  options: { type: 'object', properties: {} },
  // The decoders take long to load, and most commands read no such file.
  open: async (file) => (await import('./parquet.js')).openParquet(file),
};
