import { join } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-core';
import { describeChange, sourceChanged } from '@tracebloc/ingestor-dataset';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { sourceIdentityOf, type SourceIdentity } from './fingerprint.js';
import { listFiles } from './list-files.js';

/** Throws `source-changed-while-read` where the source is no longer what it was at an earlier moment. */
export async function refuseChange(config: RunConfig, before: SourceIdentity, cause?: unknown): Promise<void> {
  const now = await identityNow(config);
  const isSame = now.sourceFingerprint === before.sourceFingerprint && now.sidecarState === before.sidecarState;
  if (!isSame) throw sourceChanged(await describeDifference(config), cause);
}

/** What a source that could be read before looks like now. Throws `source-changed-while-read` where it cannot any more. */
export async function identityNow(config: RunConfig): Promise<SourceIdentity> {
  return sourceIdentityOf(config).catch((error: unknown) => {
    if (!(error instanceof IngestorError)) throw error;
    throw sourceChanged(`${error.message} It could be read before.`, error);
  });
}

/** Names the file that changed last, where there are several. */
export async function describeDifference({ source: { path, sidecars } }: RunConfig): Promise<string> {
  const folders = Object.values(sidecars);
  if (folders.length === 0) return describeChange(path, 'other');
  let latest: { file: string; ctimeMs: number } | undefined;
  for (const folder of folders) {
    for await (const { name, ctimeMs } of listFiles(folder)) {
      if (ctimeMs > (latest?.ctimeMs ?? 0)) latest = { file: join(folder, name), ctimeMs };
    }
  }
  const what = `While it was read, ${path} or a file of ${folders.join(', ')} was added, removed or written to`;
  if (!latest) return `${what}.`;
  return `${what}; of those there, ${latest.file} changed last, at ${new Date(latest.ctimeMs).toISOString()}.`;
}
