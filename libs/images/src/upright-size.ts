import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { readJpegHeader } from './jpeg-header.js';
import { loadSharp } from './load-sharp.js';
import type { ImageSize } from './size-check.js';

/** The bytes at the start of a file that have the header of most JPEGs. */
const START = 4096;

/**
 * Returns the size of an image as it is shown, turned upright as EXIF says. Returns `undefined` if the file is missing or has
 * no header of an image: the check of the task reports it.
 */
export async function readUprightSize(path: string): Promise<ImageSize | undefined> {
  try {
    const plain = await readPlainHeader(path);
    if (plain) return plain;
    const sharp = await loadSharp();
    const {
      width,
      height,
      orientation = 1,
    } = await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata();
    // From 5 on, the orientation exchanges width and height.
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}

async function readPlainHeader(path: string): Promise<ImageSize | undefined> {
  // O_NONBLOCK: the path may be that of a pipe, and nobody may write to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new TypeError('The path is not that of a regular file.');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START), 0, START, 0);
    const header = buffer.readUInt16BE(0) === 0xffd8 ? readJpegHeader(buffer.subarray(0, bytesRead)) : undefined;
    return header && { width: header.width, height: header.height };
  } finally {
    await file.close();
  }
}
