import { hash } from 'node:crypto';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import type { VolumeSpeed } from '@tracebloc/ingestor-core';
import type { HashedFile } from './hash-list.js';
import { SMALL } from './small-file.js';
import { writeBatch } from './thread/file-batch.js';
import { FileThread } from './thread/file-thread.js';

/** The most files, and bytes, that are written together. */
const BATCH_FILES = 64;
const BATCH_BYTES = 2 * SMALL;

/** The number of files after which a second thread is worth its start. */
const WORTH_A_THREAD = 512;

export interface WriterEvents {
  onWritten: (file: HashedFile) => void;
  /** These files were not written, for example because something else has the name. */
  onRefused: (files: RecordFile[]) => void;
}

/** Writes small new files, whose bytes are there, into a folder. This thread and another one share the work. */
export class SmallFileWriter {
  #files: RecordFile[] = [];
  #digests: string[] = [];
  #ends: number[] = [];
  #bytes: Buffer | undefined;
  #written = 0;
  #thread: FileThread | undefined;
  /** Memory that batches have left. */
  readonly #free: Buffer[] = [];

  constructor(
    private readonly folder: string,
    private readonly speed: VolumeSpeed,
    private readonly events: WriterEvents,
  ) {}

  /** Copies the bytes. Returns a promise if a batch of files was begun that is not written yet. */
  add(file: RecordFile, content: Uint8Array): Promise<void> | undefined {
    const start = this.#ends.at(-1) ?? 0;
    const isFull = this.#files.length === BATCH_FILES || start + content.length > BATCH_BYTES;
    const batch = isFull ? this.flush() : undefined;
    const from = isFull ? 0 : start;
    this.#bytes ??= this.#free.pop() ?? Buffer.from(new SharedArrayBuffer(BATCH_BYTES));
    this.#bytes.set(content, from);
    this.#ends.push(from + content.length);
    this.#files.push(file);
    this.#digests.push(hash('sha256', content));
    return batch;
  }

  /** Writes what was added. Returns a promise if it is not written yet. */
  flush(): Promise<void> | undefined {
    const [files, digests, ends, bytes] = [this.#files, this.#digests, this.#ends, this.#bytes];
    if (!bytes || files.length === 0) return undefined;
    [this.#files, this.#digests, this.#ends, this.#bytes] = [[], [], [], undefined];
    this.#written += files.length;
    if (this.#written > WORTH_A_THREAD) this.#thread ??= FileThread.take();
    const batch = { folder: this.folder, names: files.map(({ target }) => target), ends, bytes };
    const end = (failed: readonly number[] | undefined) => {
      this.#free.push(bytes);
      this.#report(files, digests, failed);
    };
    if (this.#thread?.isFree) return this.#thread.write(batch).then(end);
    end(writeBatch(batch, this.speed));
    return undefined;
  }

  async close(): Promise<void> {
    await this.#thread?.giveBack();
  }

  /** `failed` are the positions of the files that were not written; `undefined` if perhaps none was. */
  #report(files: RecordFile[], digests: readonly string[], failed: readonly number[] | undefined): void {
    const refused = failed ? failed.map((index) => files[index]!) : files;
    const others = new Set(failed ?? files.keys());
    for (const [index, { target: name }] of files.entries()) {
      if (!others.has(index)) this.events.onWritten({ name, digest: digests[index]! });
    }
    if (refused.length > 0) this.events.onRefused(refused);
  }
}
