import * as fs from 'node:fs';
import { speedOf } from './small-file.js';

/** The bytes of the largest file that is read here. */
const SMALL = 256 << 10;

/** Holds one file at a time, and one more byte, which shows that a file is too large. */
let shared: Buffer | undefined;

/** The open folders, by their real paths. */
const held = new Map<string, number>();

/**
 * Opens a folder, by its real path, so that its files can be read by `readHeld`. It stays open until the same path is held again, or
 * the process ends.
 */
export function holdFolder(realPath: string): void {
  const earlier = held.get(realPath);
  if (earlier !== undefined) fs.closeSync(earlier);
  held.delete(realPath);
  // Elsewhere, a file cannot be opened by the open folder that holds it.
  if (process.platform !== 'linux') return;
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  const fd = openNow(realPath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (fd === undefined) return;
  if (pathOf(fd) === realPath) held.set(realPath, fd);
  else fs.closeSync(fd);
}

/**
 * Returns the bytes of a small, regular file directly in a folder that is held, if its volume is fast. They are valid until the next
 * call. The file is opened by the open folder, and no link is followed, so that it is in that folder whatever has been swapped in. Returns
 * `undefined` for every other file: the caller then finds out what it is.
 */
export function readHeld(realPath: string, name: string): Buffer | undefined {
  const folder = held.get(realPath);
  return folder === undefined ? undefined : speedOf(realPath).run(() => readNow(`/proc/self/fd/${folder}/${name}`));
}

function readNow(path: string): Buffer | undefined {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, S_IFMT, S_IFREG } = fs.constants;
  // O_NONBLOCK: the name may have become that of a pipe, and nobody may write to it.
  const fd = openNow(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd === undefined) return undefined;
  try {
    const { size, mode } = fs.fstatSync(fd);
    if ((mode & S_IFMT) !== S_IFREG || size > SMALL) return undefined;
    const buffer = (shared ??= Buffer.allocUnsafeSlow(SMALL + 1));
    // The byte more shows that the file has grown. If it was cut off, or is read in parts, it is read anew.
    const length = fs.readSync(fd, buffer, 0, size + 1, null);
    return length === size ? buffer.subarray(0, length) : undefined;
  } catch {
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function openNow(path: string, flags: number): number | undefined {
  try {
    return fs.openSync(path, flags);
  } catch {
    return undefined;
  }
}

function pathOf(fd: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
