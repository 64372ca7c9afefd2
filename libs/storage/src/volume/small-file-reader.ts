import { VolumeSpeed } from '@tracebloc/ingestor-core';
import type { HashedFile } from './hash-list.js';
import { compareBatch } from './thread/file-batch.js';
import { FileThread } from './thread/file-thread.js';

/** The files that are compared together. */
const BATCH = 64;

/** The batches that may wait for earlier ones. */
const MOST_WAITING = 8;

/** The number of files after which a second thread is worth its start. */
const WORTH_A_THREAD = 512;

/** A file, and its size in bytes if it has the expected hash. Otherwise it must be read again, to find out why. */
export type ReadBackFile = readonly [file: HashedFile, size: number | undefined];

/** Reads small files of a folder and compares them with their hashes. This thread and another one share the work. */
export class SmallFileReader {
  readonly #speed = new VolumeSpeed();
  readonly #waiting: Promise<ReadBackFile[]>[] = [];
  #begun = 0;
  #thread: FileThread | undefined;

  constructor(private readonly folder: string) {}

  /** Yields what was found about the files, in their order and several at a time. */
  async *compare(files: AsyncIterable<HashedFile[]>): AsyncGenerator<ReadBackFile[], void> {
    try {
      for await (const some of files) {
        for (let from = 0; from < some.length; from += BATCH) {
          this.#waiting.push(this.#begin(some.slice(from, from + BATCH)));
          if (this.#waiting.length >= MOST_WAITING) yield await this.#waiting.shift()!;
        }
      }
      while (this.#waiting.length > 0) yield await this.#waiting.shift()!;
    } finally {
      await this.#thread?.giveBack();
    }
  }

  async #begin(files: readonly HashedFile[]): Promise<ReadBackFile[]> {
    this.#begun += files.length;
    if (this.#begun > WORTH_A_THREAD) this.#thread ??= FileThread.take();
    const batch = { folder: this.folder, files };
    const sizes = this.#thread?.isFree ? await this.#thread.compare(batch) : compareBatch(batch, this.#speed);
    return files.map((file, index) => [file, sizeIn(sizes, index)]);
  }
}

function sizeIn(sizes: readonly number[] | undefined, index: number): number | undefined {
  const size = sizes?.[index] ?? -1;
  return size === -1 ? undefined : size;
}
