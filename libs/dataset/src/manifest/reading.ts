import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';

/** How far a manifest was read: the number of bytes from its start, and their SHA-256 in hexadecimal. */
export type ManifestReading = readonly [bytes: number, sha256: string];

/** How a file differs from what was read of it before. */
export type ManifestChange = 'gone' | 'shorter' | 'longer' | 'other';

/** Bytes that are hashed at a time. An abort is noticed between two chunks. */
const CHUNK = 1 << 20;

const DESCRIPTIONS: Readonly<Record<ManifestChange, string>> = {
  gone: 'was removed or cannot be read any more',
  shorter: 'became shorter',
  longer: 'grew',
  other: 'has other content of at least the same length',
};

/** Hashes the bytes of a manifest, which are added in order and from the start. */
export class ManifestHash {
  #bytes = 0;
  readonly #hash = createHash('sha256');

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#hash.update(chunk);
  }

  get reading(): ManifestReading {
    return [this.#bytes, this.#hash.copy().digest('hex')];
  }
}

/**
 * Compares a manifest with what earlier readings read; one of them must have read it to its end. Returns `undefined` if the
 * content has not changed. Throws `InterruptedError` on abort.
 */
export async function changeSince(
  path: string,
  readings: readonly ManifestReading[],
  signal: AbortSignal,
): Promise<ManifestChange | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return 'gone';
  try {
    const hash = new ManifestHash();
    const buffer = Buffer.allocUnsafe(CHUNK);
    let read = 0;
    for (const [bytes, expected] of readings.toSorted(([one], [other]) => one - other)) {
      while (read < bytes) {
        if (signal.aborted) throw new InterruptedError();
        const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, bytes - read), read);
        if (bytesRead === 0) return 'shorter';
        hash.add(buffer.subarray(0, bytesRead));
        read += bytesRead;
      }
      if (hash.reading[1] !== expected) return (await file.stat()).size < longest(readings) ? 'shorter' : 'other';
    }
    return (await file.read(buffer, 0, 1, read)).bytesRead > 0 ? 'longer' : undefined;
  } finally {
    await file.close();
  }
}

function longest(readings: readonly ManifestReading[]): number {
  return Math.max(...readings.map(([bytes]) => bytes));
}

/** Describes a change of a manifest in a sentence, for `sourceChanged`. */
export function describeChange(path: string, change: ManifestChange): string {
  return `${path} changed while it was read: it ${DESCRIPTIONS[change]}.`;
}

/**
 * Returns the error of a source that changed, or may have changed, while it was read. Its exit code says that the data is
 * wrong, because running the command again right away would not help. `what` is a sentence.
 */
export function sourceChanged(what: string, cause?: unknown): IngestorError {
  return DATASET_ERRORS.make('source-changed-while-read', {
    message: `${what} What was read may be a mixture of two versions, so nothing was published.`,
    fix: 'Wait until nothing writes to the source any more, then run the same command again.',
    cause,
  });
}
