import { join } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-core';
import { describeChange, sourceChanged } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { sourceIdentityOf, type SourceIdentity } from './fingerprint.js';
import { listFiles } from './list-files.js';

/** Throws `source-changed-while-read` if the source's identity is no longer `before`. */
export async function refuseChange(config: RunConfig, before: SourceIdentity, cause?: unknown): Promise<void> {
  const now = await identityNow(config);
  const isSame = now.sourceFingerprint === before.sourceFingerprint && now.sidecarState === before.sidecarState;
  if (!isSame) throw sourceChanged(await describeDifference(config), cause);
}

/** Returns the identity of a source that could be read before. Throws `source-changed-while-read` if it cannot be read now. */
export async function identityNow(config: RunConfig): Promise<SourceIdentity> {
  return sourceIdentityOf(config).catch((error: unknown) => {
    if (!(error instanceof IngestorError)) throw error;
    throw sourceChanged(`${error.message} It could be read before.`, error);
  });
}

/** Returns a sentence about the change. If there are sidecar files, it names the one that changed last. */
export async function describeDifference({ source: { path, sidecars } }: RunConfig): Promise<string> {
  const folders = Object.values(sidecars);
  if (folders.length === 0) return describeChange(path, 'other');
  let latest: { file: string; ctimeMs: number } | undefined;
  for (const folder of folders) {
    for await (const files of listFiles(folder)) {
      for (const { name, ctimeMs } of files) {
        if (ctimeMs > (latest?.ctimeMs ?? 0)) latest = { file: join(folder, name), ctimeMs };
      }
    }
  }
  const what = `While it was read, ${path} or a file of ${folders.join(', ')} was added, removed or written to`;
  if (!latest) return `${what}.`;
  return `${what}; of those there, ${latest.file} changed last, at ${new Date(latest.ctimeMs).toISOString()}.`;
}
