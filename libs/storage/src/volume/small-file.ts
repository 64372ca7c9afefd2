import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { sep } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';

// Small files are read and written by synchronous calls. A function here returns undefined for each file that is not small,
// that cannot be read, or whose place is in doubt: the asynchronous functions of `source-file.ts` then decide.

/** Bytes of the largest small file. */
export const SMALL = 256 << 10;

/** Holds one file at a time, and one more byte, which shows that a file is too large. */
let shared: Buffer | undefined;

/** The source of a file, or the content that replaces it. The source must be in `within` in either case. */
type Source = Pick<RecordFile, 'source' | 'within' | 'content'>;

/** The path under which a file is written first, and the one to which it is then moved. */
type Paths = readonly [partial: string, path: string];

/** Copies a file, or only reads it if there are no paths. Returns its sha256 in hexadecimal. */
export function copySmall(source: Source, paths?: Paths): string | undefined {
  try {
    const file = readSmallSource(source);
    if (file && paths) writeSmall(file.bytes, ...paths);
    return file?.digest;
  } catch {
    // The asynchronous copy fails too, and says why.
    return undefined;
  }
}

/** What was read of a small file. The bytes are valid until the next call. */
interface SmallFile {
  bytes: Buffer;
  digest: string;
}

function readSmallSource({ source, within, content }: Source): SmallFile | undefined {
  if (content && content.length > SMALL) return undefined;
  if (!content) return readNow(source, 0, within);
  const isThere = within === undefined || withOpen(source, 0, (fd) => sizeOf(fd) !== undefined && isWithin(fd, within));
  return isThere ? { bytes: asBuffer(content), digest: hash('sha256', content) } : undefined;
}

/** Reads a file of a dataset's folder. A link is not followed. */
export function readSmallStored(path: string): { digest: string; bytes: number } | undefined {
  const file = readNow(path, fs.constants.O_NOFOLLOW);
  return file && { digest: file.digest, bytes: file.bytes.length };
}

/** Writes a new file under a partial path, then moves it to its own, which is thereby always that of a complete file. */
function writeSmall(bytes: Buffer, partial: string, path: string): void {
  const fd = fs.openSync(partial, 'wx');
  try {
    for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(partial, path);
}

function readNow(path: string, flags: number, within?: string): SmallFile | undefined {
  return withOpen(path, flags, (fd) => {
    const size = sizeOf(fd);
    if (size === undefined || size > SMALL) return undefined;
    if (within !== undefined && !isWithin(fd, within)) return undefined;
    const buffer = (shared ??= Buffer.allocUnsafeSlow(SMALL + 1));
    let length = 0;
    // A file that was cut off ends before its size.
    for (let more = 1; more > 0 && length < size;) {
      more = fs.readSync(fd, buffer, length, buffer.length - length, null);
      length += more;
    }
    if (length > SMALL) return undefined;
    const bytes = buffer.subarray(0, length);
    return { bytes, digest: hash('sha256', bytes) };
  });
}

/** Returns what `read` returns for the open file, or undefined if the system refuses a call. */
function withOpen<T>(path: string, flags: number, read: (fd: number) => T): T | undefined {
  let fd: number | undefined;
  try {
    // O_NONBLOCK keeps the call from waiting for a writer if the path is a pipe.
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | flags);
    return read(fd);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Returns the bytes of an open file, or undefined if it is not a regular file. */
function sizeOf(fd: number): number | undefined {
  const { size, mode } = fs.fstatSync(fd);
  return (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG ? size : undefined;
}

/**
 * Whether an open file is surely in a folder, by the path that the system has of the open file itself. The path of a file that
 * has no name any more ends with a word.
 */
function isWithin(fd: number, within: string): boolean {
  const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
  return path.startsWith(within + sep) && !path.endsWith(DELETED);
}

const DELETED = ' (deleted)';

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
