import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { RunConfig } from '@tracebloc/ingestor-config';

const SAMPLE_BYTES = 1 << 20;

/** Size, mtime and sha256 of the file's first and last MiB: tells whether a source changed without reading it whole. */
export async function sourceFingerprint(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256').update(`${size}:${mtimeMs}:`);
    for (const position of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** sha256 of what of the configuration decides a dataset's content; where it is written and how fast does not. */
export function configHash(config: RunConfig): string {
  const { chunkSize: _, ...csv } = config.source.csv;
  const identity = {
    task: config.task.id,
    options: config.options,
    table: config.table,
    intent: config.intent,
    format: config.source.format,
    csv,
    label: config.label,
    dataId: config.dataId,
    schema: config.schema.map(({ name, type }) => [name, type.sql, type.notNull]),
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
