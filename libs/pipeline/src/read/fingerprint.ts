import { createHash, hash } from 'node:crypto';
import { dirname } from 'node:path';
import { TextSource } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { factsOfFile, listFiles } from './list-files.js';

/** What a source looks like from outside; equal for two moments unless it changed in between. */
export type SourceIdentity = Pick<RunRow, 'sourceFingerprint' | 'sidecarState'>;

/** What tells whether a run may continue another's. */
export type RunIdentity = SourceIdentity & Pick<RunRow, 'configHash' | 'shards'>;

export async function identityOf(config: RunConfig): Promise<RunIdentity> {
  return { configHash: configHash(config), ...(await sourceIdentityOf(config)), shards: config.shard?.count ?? 1 };
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
 * What a source looks like now. Throws an `IngestorError` where it is not there or cannot be read.
 *
 * `sourceFingerprint` tells whether a source changed without reading it whole: size, mtime and sha256 of the manifest's
 * first and last MiB, and name, size and mtime of every file in the sidecar folders.
 *
 * `sidecarState` is of the sidecar files and of what lies beside their folders and arrives too; it has the ctime as well,
 * which changes with each write and each rename, and nobody can set. It also changes with permissions, so that two states
 * that differ may have the same content. An inode's number is left out: some network volumes make it up as they go.
 */
export async function sourceIdentityOf({ source, task }: RunConfig): Promise<SourceIdentity> {
  const { path, sidecars } = source;
  const manifest = await manifestFingerprint(path);
  const folders = Object.entries(sidecars).sort(([a], [b]) => (a < b ? -1 : 1));
  if (folders.length === 0) return { sourceFingerprint: manifest, sidecarState: '' };
  const fingerprint = createHash('sha256').update(manifest);
  const state = createHash('sha256');
  for (const [field, folder] of folders) {
    const [files, all] = [new FileSum(), new FileSum()];
    for await (const { name, size, mtimeMs, ctimeMs } of listFiles(folder)) {
      files.add(`${name}:${size}:${mtimeMs}`);
      all.add(`${name}:${size}:${mtimeMs}:${ctimeMs}`);
    }
    for (const companion of task.layout.companions ?? []) {
      all.add(`../${JSON.stringify(await factsOfFile(dirname(folder), companion))}`);
    }
    fingerprint.update(`${field}:`).update(files.bytes);
    state.update(`${field}:`).update(all.bytes);
  }
  return { sourceFingerprint: fingerprint.digest('hex'), sidecarState: state.digest('hex') };
}

/** A sum over files, since folders are not listed in any order. */
class FileSum {
  readonly bytes = Buffer.alloc(32);

  add(facts: string): void {
    const digest = hash('sha256', facts, 'buffer');
    for (let index = 0; index < digest.length; index++) this.bytes[index]! ^= digest[index]!;
  }
}

async function manifestFingerprint(path: string): Promise<string> {
  const file = await new TextSource(path, SAMPLE_BYTES).open();
  try {
    const { size, mtimeMs } = await file.stat();
    const fingerprint = createHash('sha256').update(`${size}:${mtimeMs}:`);
    for (const position of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position);
      fingerprint.update(buffer.subarray(0, bytesRead));
    }
    return fingerprint.digest('hex');
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
