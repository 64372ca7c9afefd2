import * as fs from 'node:fs';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
import type { SidecarFile } from './sidecar-folder.js';

/** A larger file takes so long by itself that asynchronous calls do not matter. */
const SMALL = 256 << 10;

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
 * or is no longer the one that `SidecarFolder` found: those must be read asynchronously.
 */
export function readSmallFile({
  path,
  within,
  size,
}: Pick<SidecarFile, 'path' | 'within' | 'size'>): Buffer | undefined {
  return size > SMALL ? undefined : speedOf(within).run(() => readNow(path, size));
}

function readNow(path: string, size: number): Buffer | undefined {
  let fd: number | undefined;
  try {
    // O_NONBLOCK: the path may have become a pipe, and nobody may write to it.
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    // One more byte shows that the file has grown. What is not a regular file has another length, or cannot be read.
    const buffer = Buffer.allocUnsafe(size + 1);
    const length = fs.readSync(fd, buffer, 0, size + 1, null);
    return length === size ? buffer.subarray(0, size) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}
