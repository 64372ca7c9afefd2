import type { FileHandle } from 'node:fs/promises';
import { openInput } from '@tracebloc/ingestor-core';
import { UnreadableError } from '../findings/findings.js';
import type { ByteFile } from './byte-file.js';
import { Gunzip, isGzip } from './gunzip.js';

/** Bytes of the archive that are read at a time. */
const PIECE = 32 * 1024;

/** What a gzip archive holds, as a file. Reading from before the latest place begins again from the start. */
export class GunzippedFile implements OpenText {
  #gunzip = new Gunzip();
  #archivePosition = 0;
  #outputs: Buffer[] = [];
  /** The position of the first of the outputs. */
  #start = 0;
  #isAtEnd = false;

  constructor(private readonly archive: FileHandle) {}

  /** Reads bytes. A damaged archive ends at the damage. */
  async read(buffer: Buffer, offset: number, length: number, position: number) {
    if (position < this.#start) this.#restart();
    let bytesRead = 0;
    while (bytesRead < length) {
      const output = this.#outputs[0];
      if (!output) {
        if (!(await this.#fill())) break;
        continue;
      }
      const from = position + bytesRead - this.#start;
      // An output stays as long as it may be read again.
      if (from >= output.length) {
        this.#start += output.length;
        this.#outputs.shift();
        continue;
      }
      const copied = output.copy(buffer, offset + bytesRead, from, from + length - bytesRead);
      bytesRead += copied;
    }
    return { bytesRead, buffer };
  }

  /** Returns the number of bytes, which takes as long as reading them. */
  async size(): Promise<number> {
    const buffer = Buffer.allocUnsafe(PIECE);
    for (let size = 0; ;) {
      const { bytesRead } = await this.read(buffer, 0, PIECE, size);
      if (bytesRead === 0) return size;
      size += bytesRead;
    }
  }

  /** Ends the unpacking, and leaves the archive open. */
  stop(): void {
    this.#gunzip.close();
  }

  async close(): Promise<void> {
    this.stop();
    await this.archive.close();
  }

  #restart(): void {
    this.#gunzip.close();
    this.#gunzip = new Gunzip();
    [this.#archivePosition, this.#start, this.#outputs, this.#isAtEnd] = [0, 0, [], false];
  }

  /** Unpacks the next bytes. Returns false at the end. */
  async #fill(): Promise<boolean> {
    while (this.#outputs.length === 0 && !this.#isAtEnd) {
      const { buffer, bytesRead } = await this.archive.read(Buffer.allocUnsafe(PIECE), 0, PIECE, this.#archivePosition);
      this.#archivePosition += bytesRead;
      this.#isAtEnd = bytesRead === 0;
      try {
        const outputs = this.#isAtEnd ? this.#gunzip.end() : this.#gunzip.push(buffer.subarray(0, bytesRead));
        this.#outputs = [...(await outputs)];
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        this.#isAtEnd = true;
      }
    }
    return this.#outputs.length > 0;
  }
}

export interface OpenText extends ByteFile {
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a file, or what it holds if it is a gzip archive. Throws `UnusableInput`. */
export async function openText(path: string): Promise<OpenText> {
  const file = await openInput(path);
  const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0);
  if (isGzip(buffer)) return new GunzippedFile(file);
  return {
    read: (...place) => file.read(...place),
    size: async () => (await file.stat()).size,
    close: () => file.close(),
  };
}
