import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { copyFile, lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { promisify } from 'node:util';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';

// A `FileHandle` costs as much time as decoding a thumbnail.
const open = promisify(fs.open);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat);
const read = promisify(fs.read);
const write = promisify(fs.write);

/** Bytes that are read together; most files are smaller. */
const CHUNK = 256 << 10;
/** Buffers for the next files: new buffers would be freed late. There are as many as were in use at the same time. */
const free: Buffer[] = [];

/** A file that is open for reading. */
export interface OpenFile {
  path: string;
  fd: number;
  /** The size in bytes when the file was opened. */
  size: number;
}

/**
 * Opens a file, passes it to `work`, and closes it. `within` is the real path of a folder: the open file must be a regular
 * file in that folder, after links are resolved. The check is of the open file, so that a later change of a link has no
 * effect. Throws an `IngestorError` with code `source-outside`.
 */
export async function withFile<T>(
  path: string,
  within: string | undefined,
  work: (file: OpenFile) => Promise<T>,
): Promise<T> {
  // O_NONBLOCK keeps the call from waiting for a writer if the path is a pipe.
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

/** Opens a file of a dataset's folder, passes it to `work`, and closes it. Throws if it is a link or not a regular file. */
export async function withStoredFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { size, mode } = await fstat(fd);
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
    if (!isFile) throw Object.assign(new Error(`${path} is not a regular file.`), { code: 'not a regular file' });
    return await work({ path, fd, size });
  } finally {
    await close(fd);
  }
}

/**
 * Reads an open file to its end and passes each piece to `take`. Returns the sha256 in hexadecimal and the number of bytes.
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
      // A short read is at the end of the file, which saves another read.
      if (piece.length === 0 || (piece.length < CHUNK && bytes >= size)) return { digest: hash.digest('hex'), bytes };
    }
  } finally {
    free.push(chunk);
  }
}

/** Copies an open file to a new one. Returns the sha256 of the bytes in hexadecimal. */
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

/** Makes a copy that shares the source's blocks. Throws if the volume or the system does not support this. */
export async function cloneFile({ fd }: OpenFile, target: string): Promise<void> {
  // On Linux, this path leads to the open file even if another one has its name by now.
  if (process.platform !== 'linux') throw new TypeError('There is no path of an open file.');
  await copyFile(`/proc/self/fd/${fd}`, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
}

/** Adds the path to an error, because errors of an open file have none. */
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
