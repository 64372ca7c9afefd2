import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
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
 * Compares a manifest with what earlier readings read; one of them must have read it to its end. Several files are one after
 * the other, as they were read. Returns `undefined` if the content has not changed. Throws `InterruptedError` on abort.
 */
export async function changeSince(
  paths: string | readonly string[],
  readings: readonly ManifestReading[],
  signal: AbortSignal,
): Promise<ManifestChange | undefined> {
  const files = new FileSequence(typeof paths === 'string' ? [paths] : paths);
  try {
    if (!(await files.areThere())) return 'gone';
    const hash = new ManifestHash();
    const buffer = Buffer.allocUnsafe(CHUNK);
    let read = 0;
    for (const [bytes, expected] of readings.toSorted(([one], [other]) => one - other)) {
      while (read < bytes) {
        if (signal.aborted) throw new InterruptedError();
        const bytesRead = await files.read(buffer, Math.min(CHUNK, bytes - read));
        if (bytesRead === 0) return 'shorter';
        hash.add(buffer.subarray(0, bytesRead));
        read += bytesRead;
      }
      if (hash.reading[1] !== expected) return (await files.size()) < longest(readings) ? 'shorter' : 'other';
    }
    return (await files.read(buffer, 1)) > 0 ? 'longer' : undefined;
  } finally {
    await files.close();
  }
}

/** Files that are read as if they were one, with one of them open at a time. */
class FileSequence {
  #next = 0;
  #file: FileHandle | undefined;

  constructor(private readonly paths: readonly string[]) {}

  /** Whether all files can be opened. */
  async areThere(): Promise<boolean> {
    for (const path of this.paths) {
      const file = await open(path).catch(() => undefined);
      if (!file) return false;
      await file.close();
    }
    return true;
  }

  /** Reads the next bytes, at most `length`. Returns 0 at the end. */
  async read(buffer: Buffer, length: number): Promise<number> {
    for (;;) {
      if (!this.#file) {
        const path = this.paths[this.#next++];
        if (path === undefined) return 0;
        this.#file = await open(path);
      }
      const { bytesRead } = await this.#file.read(buffer, 0, length, null);
      if (bytesRead > 0) return bytesRead;
      await this.close();
    }
  }

  async size(): Promise<number> {
    let size = 0;
    for (const path of this.paths) size += (await stat(path)).size;
    return size;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
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
