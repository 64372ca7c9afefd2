import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { listFiles } from './list-files.js';

/** What tells whether a run may continue another's. */
export type RunIdentity = Pick<RunRow, 'configHash' | 'sourceFingerprint' | 'shards'>;

export async function identityOf(config: RunConfig): Promise<RunIdentity> {
  const sourceFingerprint = await fingerprintOf(config.source);
  return { configHash: configHash(config), sourceFingerprint, shards: config.shard?.count ?? 1 };
}

/** Whether both are of one dataset, and of one division of it as long as it is being staged. */
export function isSame(run: RunRow, identity: RunIdentity): boolean {
  const ofOneDataset = run.configHash === identity.configHash && run.sourceFingerprint === identity.sourceFingerprint;
  return ofOneDataset && (run.shards === identity.shards || !(isHidden(run) || run.state === 'dropped'));
}

/** Staged, but not visible yet. */
export function isHidden(run: RunRow): boolean {
  return run.state === 'staging' || run.state === 'staged';
}

const SAMPLE_BYTES = 1 << 20;

/**
 * Tells whether a source changed without reading it whole: size, mtime and sha256 of the manifest's first and last MiB,
 * and name, size and mtime of every file in the sidecar folders.
 */
async function fingerprintOf({ path, sidecars }: RunConfig['source']): Promise<string> {
  const manifest = await manifestFingerprint(path);
  const folders = Object.entries(sidecars).sort(([a], [b]) => (a < b ? -1 : 1));
  if (folders.length === 0) return manifest;
  const hash = createHash('sha256').update(manifest);
  for (const [field, folder] of folders) hash.update(`${field}:`).update(await folderFingerprint(folder));
  return hash.digest('hex');
}

/** A sum over the files, since folders are not listed in any order. */
async function folderFingerprint(folder: string): Promise<Uint8Array> {
  const sum = Buffer.alloc(32);
  for await (const { name, size, mtimeMs } of listFiles(folder)) {
    const digest = createHash('sha256').update(`${name}:${size}:${mtimeMs}`).digest();
    for (let index = 0; index < sum.length; index++) sum[index]! ^= digest[index]!;
  }
  return sum;
}

async function manifestFingerprint(path: string): Promise<string> {
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
function configHash(config: RunConfig): string {
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
