import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { readSidecarFile, readSmallFile, type SidecarFile } from '@tracebloc/ingestor-dataset';

/**
 * A file of at most so many bytes is read with one call, so that its parts need no further calls to the volume. Larger files
 * take long to decode: those calls then matter less than the memory that the bytes would need.
 */
const MAX_IN_MEMORY = 128 << 10;

/** What sharp reads: the bytes of a file, or the path of a file that is too large to keep in memory. */
export type ImageSource = Buffer | string;

const open = promisify(fs.open);
const close = promisify(fs.close);
const stat = promisify(fs.stat);

/** An image's bytes or path, with a way to read a part of it. */
export class SourceFile {
  private constructor(
    readonly source: ImageSource,
    /** Bytes. */
    readonly size: number,
  ) {}

  static async open(file: SidecarFile): Promise<SourceFile> {
    const { path, size } = file;
    if (file.make) {
      const bytes = await readSidecarFile(file);
      return new SourceFile(bytes, bytes.length);
    }
    if (size > MAX_IN_MEMORY) return new SourceFile(path, size);
    return new SourceFile(readSmallFile(file) ?? (await readPart(path, 0, size)), size);
  }

  /** Returns the bytes from an offset on. They are fewer than `length` if the file ends before. */
  async read(at: number, length: number): Promise<Buffer> {
    const { source } = this;
    return typeof source === 'string' ? readPart(source, at, length) : source.subarray(at, at + length);
  }
}

/** Returns the first bytes of a file, enough for its signature and the header of a BMP. */
export const readStart = (path: string): Promise<Buffer> => readPart(path, 0, 128);

/** Returns all bytes of a file. */
export async function readAll(source: ImageSource): Promise<Buffer> {
  if (typeof source !== 'string') return source;
  const { size } = await stat(source);
  return readPart(source, 0, size);
}

/** Returns the last bytes of a file, at most so many. */
export async function readEnd(source: ImageSource, length: number): Promise<Buffer> {
  if (typeof source !== 'string') return source.subarray(-length);
  const { size } = await stat(source);
  return readPart(source, Math.max(0, size - length), length);
}

async function readPart(path: string, at: number, length: number): Promise<Buffer> {
  // O_NONBLOCK: the path may have become a pipe, and nobody may write to it.
  const file = await open(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    // A callback, since the file handle of a promise costs as much time as decoding a thumbnail.
    return await new Promise<Buffer>((resolve, reject) => {
      fs.read(file, Buffer.allocUnsafe(length), 0, length, at, (error, bytesRead, buffer) => {
        if (error) reject(error);
        else resolve(buffer.subarray(0, bytesRead));
      });
    });
  } finally {
    await close(file);
  }
}
