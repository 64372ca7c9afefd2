import { createHash, hash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { TextSource } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { factsOfFile, listFiles } from './list-files.js';

/** Identifies the state of a source by facts about its files. It is equal at two moments unless a file changed between. */
export type SourceIdentity = Pick<RunRow, 'sourceFingerprint' | 'sidecarState'>;

/** Decides whether a run may continue an earlier one. */
export type RunIdentity = SourceIdentity & Pick<RunRow, 'configHash' | 'shards'>;

export async function identityOf(config: RunConfig): Promise<RunIdentity> {
  return { configHash: configHash(config), ...(await sourceIdentityOf(config)), shards: config.shard?.count ?? 1 };
}

const SAMPLE_BYTES = 1 << 20;

/**
 * Returns the identity of a source as it is now. Throws an `IngestorError` if a part of it is missing or cannot be read.
 *
 * `sourceFingerprint` shows a change without reading the whole source. It covers size, mtime and sha256 of the manifest's
 * first and last MiB, and name, size and mtime of every file in the sidecar folders.
 *
 * `sidecarState` covers the sidecar files and their companions. It also includes the ctime, which changes with each write
 * and rename, and which nobody can set. Since it changes with permissions too, two states that differ may have the same
 * content. Inode numbers are left out, because some network volumes change them.
 */
export async function sourceIdentityOf({ source, task }: RunConfig): Promise<SourceIdentity> {
  const { path, parts = [path], sidecars } = source;
  const manifest = await tableFingerprint(parts);
  const folders = Object.entries(sidecars).sort(([a], [b]) => (a < b ? -1 : 1));
  if (folders.length === 0) return { sourceFingerprint: manifest, sidecarState: '' };
  const fingerprint = createHash('sha256').update(manifest);
  const state = createHash('sha256');
  for (const [field, folder] of folders) {
    const [files, all] = [new FileSum(), new FileSum()];
    for await (const listed of listFiles(folder)) {
      for (const { name, size, mtimeMs, ctimeMs } of listed) {
        const facts = `${name}:${size}:${mtimeMs}`;
        files.add(facts);
        all.add(`${facts}:${ctimeMs}`);
      }
    }
    for (const companion of task.layout.companions ?? []) {
      all.add(`../${JSON.stringify(await factsOfFile(dirname(folder), companion))}`);
    }
    fingerprint.update(`${field}:`).update(files.bytes);
    state.update(`${field}:`).update(all.bytes);
  }
  return { sourceFingerprint: fingerprint.digest('hex'), sidecarState: state.digest('hex') };
}

/** Sums up facts about files whatever their order, because folders are not listed in a fixed order. */
class FileSum {
  readonly bytes = Buffer.alloc(32);

  add(facts: string): void {
    // One character for each byte: a buffer would take four times as long to make.
    const digest = hash('sha256', facts, 'binary');
    for (let index = 0; index < digest.length; index++) this.bytes[index]! ^= digest.charCodeAt(index);
  }
}

/** Returns the fingerprint of a table: that of its file, or of the names and fingerprints of several files. */
async function tableFingerprint(paths: readonly string[]): Promise<string> {
  if (paths.length === 1) return manifestFingerprint(paths[0]!);
  const fingerprint = createHash('sha256');
  for (const path of paths) fingerprint.update(`${basename(path)}:${await manifestFingerprint(path)}:`);
  return fingerprint.digest('hex');
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

/** Returns the sha256 of those parts of the configuration that decide the dataset's content. */
function configHash(config: RunConfig): string {
  const { chunkSize: _, ...csv } = config.source.csv;
  const identity = {
    task: config.task.id,
    options: config.options,
    table: config.table,
    intent: config.intent,
    format: config.source.format,
    csv,
    // It is absent unless it is set, so that runs begun by earlier versions keep their fingerprints.
    json: config.source.json,
    tableOptions: config.source.tableOptions,
    label: config.label,
    dataId: config.dataId,
    schema: config.schema.map(({ name, type }) => [name, type.sql, type.notNull]),
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
