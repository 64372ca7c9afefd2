import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';

/** How far a manifest was read: bytes from its start, and their sha256 in hexadecimal. */
export type ManifestReading = readonly [bytes: number, sha256: string];

/** How a file differs from what was read of it. */
export type ManifestChange = 'gone' | 'shorter' | 'longer' | 'other';

/** Bytes hashed at a time; between two chunks an abort is seen. */
const CHUNK = 1 << 20;

const SAID: Readonly<Record<ManifestChange, string>> = {
  gone: 'is gone or cannot be read any more',
  shorter: 'became shorter',
  longer: 'grew',
  other: 'holds other content of at least the same length',
};

/** Hashes a manifest's bytes as they are read, in order and from the start. */
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
 * Reads a manifest and compares it with what several readings found, one of which went to its end. Returns undefined
 * where it begins with what each of them read, and ends where the longest did. Throws `InterruptedError` on abort.
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

/** What `sourceChanged` says of a manifest. */
export function describeChange(path: string, change: ManifestChange): string {
  return `${path} changed while it was read: it ${SAID[change]}.`;
}

/**
 * The source is not, or may not be, what it was when its reading began. The exit code is that of data: at once, the same
 * command would only meet the same writer. `what` is a sentence.
 */
export function sourceChanged(what: string, cause?: unknown): IngestorError {
  return DATASET_ERRORS.make('source-changed-while-read', {
    message: `${what} What was read may be half of one state and half of another, so nothing was published.`,
    fix: 'Wait until what writes to the source is done, then run the same command again.',
    cause,
  });
}
