import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { copyFile, lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { promisify } from 'node:util';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';

// A promise's file handle costs as much as decoding a thumbnail.
const open = promisify(fs.open);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat);
const read = promisify(fs.read);
const write = promisify(fs.write);

/** Bytes read at a time: most files whole. */
const CHUNK = 256 << 10;
/** Kept for the next files, since what is allocated anew is freed late. As many as are in use at once. */
const free: Buffer[] = [];

/** A file that is open for reading. */
export interface OpenFile {
  path: string;
  fd: number;
  /** Bytes, when it was opened. */
  size: number;
}

/**
 * Opens a file, gives it to `work`, and closes it. With `within`, the real path of a folder, it must be a regular file that
 * lies in that folder, wherever links lead. What is looked at is the file that is open: a link that is swapped in before
 * or after makes no difference. Throws an `IngestorError` with code `source-outside`.
 */
export async function withFile<T>(
  path: string,
  within: string | undefined,
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  // Without waiting for somebody to write to what turned out to be a pipe.
  const fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size, dev, ino, mode } = await fstat(fd);
    if (within !== undefined) {
      const real = await realpath(path);
      const there = real.startsWith(within + sep) ? await lstat(real) : undefined;
      const isThere = there?.dev === dev && there.ino === ino && (mode & constants.S_IFMT) === constants.S_IFREG;
      if (!isThere) throw outside(path, within);
    }
    return await work({ path, fd, size });
  } finally {
    await close(fd);
  }
}

/** Opens a file of a dataset's folder, gives it to `work`, and closes it. A link, or what is no regular file, is an error. */
export async function withStoredFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { size, mode } = await fstat(fd);
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
    if (!isFile) throw Object.assign(new Error(`${path} is no regular file.`), { code: 'not a regular file' });
    return await work({ path, fd, size });
  } finally {
    await close(fd);
  }
}

/**
 * Reads an open file to its end and hands each piece on. Gives the sha256 of what was read, in hexadecimal, and the number
 * of bytes.
 */
export async function readHashing(
  { path, fd, size }: OpenFile,
  take?: (piece: Buffer) => Promise<void>,
): Promise<{ digest: string; bytes: number }> {
  const chunk = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for (;;) {
      const piece = chunk.subarray(0, (await read(fd, chunk, 0, CHUNK, null).catch(named(path))).bytesRead);
      hash.update(piece);
      bytes += piece.length;
      await take?.(piece);
      // A read that finds fewer bytes than there is room for has come to the end, which saves asking once more.
      if (piece.length === 0 || (piece.length < CHUNK && bytes >= size)) return { digest: hash.digest('hex'), bytes };
    }
  } finally {
    free.push(chunk);
  }
}

/** Copies an open file to a new one; gives the sha256 of the bytes that were read and written. */
export async function copyHashing(file: OpenFile, target: string): Promise<string> {
  const fd = await open(target, 'wx');
  try {
    const { digest } = await readHashing(file, async (piece) => {
      for (let at = 0; at < piece.length;) at += (await write(fd, piece, at, piece.length - at, null)).bytesWritten;
    });
    return digest;
  } finally {
    await close(fd);
  }
}

/** Makes a copy that shares the source's blocks. Throws where the volume, or the system, cannot. */
export async function cloneFile({ fd }: OpenFile, target: string): Promise<void> {
  // Only Linux has a path for what is open, whatever bears the file's own name meanwhile.
  if (process.platform !== 'linux') throw new TypeError('There is no path of an open file.');
  await copyFile(`/proc/self/fd/${fd}`, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
}

/** An error of an open file does not tell which. */
function named(path: string): (error: unknown) => never {
  return (error) => {
    throw Object.assign(error as Error, { path });
  };
}

function outside(path: string, within: string): IngestorError {
  return STORAGE_ERRORS.make('source-outside', {
    message: `${path} is no longer a file in ${within}: after it was checked, a link or something else replaced it. It was not copied.`,
    fix: 'Find out what changes the folder while it is ingested, restore the file, then run the same command again.',
  });
}
