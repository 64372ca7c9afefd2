import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The text of a regular file of up to `limit` bytes. Throws for a larger one, and for a pipe or a device, which could keep
 * the process waiting for ever, or never end.
 */
export function readSmallFile(path: string, limit: number): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw Object.assign(new Error(`${path} is no regular file`), { code: 'no regular file' });
    // One byte more than there should be shows a file that is larger, or grows.
    const buffer = Buffer.alloc(Math.min(stat.size, limit) + 1);
    const bytes = readSync(file, buffer);
    if (bytes > limit) throw Object.assign(new Error(`${path} is too large`), { code: `more than ${limit} bytes` });
    return buffer.toString('utf8', 0, bytes);
  } finally {
    closeSync(file);
  }
}
