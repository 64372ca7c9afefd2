import * as fs from 'node:fs';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
import { readFile } from 'node:fs/promises';
import type { SidecarFile } from './sidecar-folder.js';

/** A larger file takes so long by itself that asynchronous calls do not matter. */
const SMALL = 256 << 10;

/** Holds the bytes of one file at a time, and one more byte. */
let reused: Buffer | undefined;

/** The speed of the volume of each folder, by its path. */
const speeds = new Map<string, VolumeSpeed>();

/** Returns the speed of the volume of a folder. */
export function speedOf(folder: string): VolumeSpeed {
  let speed = speeds.get(folder);
  if (!speed) speeds.set(folder, (speed = new VolumeSpeed()));
  return speed;
}

/**
 * Returns the bytes of a small file on a fast volume. Returns `undefined` for every other file, and for one that cannot be read
 * or is no longer the one that `SidecarFolder` found: those must be read asynchronously. With `reuse` the bytes are valid only
 * until the next call, and take no memory of their own.
 */
export function readSmallFile(
  { path, within = '', size, make }: Pick<SidecarFile, 'path' | 'within' | 'size' | 'make'>,
  { reuse = false }: { reuse?: boolean } = {},
): Buffer | undefined {
  if (size > SMALL || make) return undefined;
  return speedOf(within).run(() => {
    if (!reuse) return readNow(path, Buffer.allocUnsafe(size + 1));
    return readNow(path, (reused ??= Buffer.allocUnsafeSlow(SMALL + 1)).subarray(0, size + 1));
  });
}

/** Returns the bytes of a file, which a data layout may make. */
export async function readSidecarFile(file: Pick<SidecarFile, 'path' | 'within' | 'size' | 'make'>): Promise<Buffer> {
  if (file.make) return asBuffer(await file.make());
  return readSmallFile(file) ?? readFile(file.path, { flag: fs.constants.O_RDONLY | fs.constants.O_NONBLOCK });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a file that is one byte shorter than the buffer. */
function readNow(path: string, buffer: Buffer): Buffer | undefined {
  let fd: number | undefined;
  try {
    // O_NONBLOCK: the path may have become a pipe, and nobody may write to it.
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    // The last byte shows that the file has grown. What is not a regular file has another length, or cannot be read.
    const length = fs.readSync(fd, buffer, 0, buffer.length, null);
    return length === buffer.length - 1 ? buffer.subarray(0, length) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}
