import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { SidecarFile } from '@tracebloc/ingestor-dataset';

/**
 * Bytes of a file that is read at once, so that what is asked of it afterwards needs no more calls to the volume. Larger
 * ones take long to decode, so that those calls matter less than the garbage that their bytes would be.
 */
const MAX_AT_ONCE = 128 << 10;

/** What sharp reads: the file's bytes, or the path of a file that is too large to be held. */
export type ImageSource = Buffer | string;

const open = promisify(fs.open);
const close = promisify(fs.close);

/** An image's bytes or path, with a way to read a part of it. */
export class SourceFile {
  private constructor(
    readonly source: ImageSource,
    /** Bytes. */
    readonly size: number,
  ) {}

  static async open({ path, size }: SidecarFile): Promise<SourceFile> {
    return new SourceFile(size <= MAX_AT_ONCE ? await readPart(path, 0, size) : path, size);
  }

  /** The bytes from an offset on; fewer where the file ends before. */
  async read(at: number, length: number): Promise<Buffer> {
    const { source } = this;
    return typeof source === 'string' ? readPart(source, at, length) : source.subarray(at, at + length);
  }
}

async function readPart(path: string, at: number, length: number): Promise<Buffer> {
  // Without waiting for somebody to write to what became a pipe since it was looked at.
  const file = await open(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    // The callback's form: a promise's file handle costs as much as decoding a thumbnail.
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
