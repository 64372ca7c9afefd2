import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { openInput } from '@tracebloc/ingestor-core';
import { proposeEncodings } from './detect.js';
import { encodingOfMark, isWide, readBeginning, wideWithoutMark } from './mark.js';
import { decodeUtf8 } from './sample.js';

/** The most files that are read, and the bytes of each. */
const MAX_FILES = 200;
const MAX_BYTES = 64 * 1024;

/**
 * Returns the one encoding of a folder's texts, by the beginnings of the first ones with the extension. Returns `undefined`
 * if they are UTF-8, if they have several encodings, or if several are about as likely.
 */
export async function detectFolderEncoding(folder: string, extension: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => extname(name).toLowerCase() === extension).sort();
  const [wide, others] = [new Set<string>(), [] as Uint8Array[]];
  let utf8 = 0;
  for (const name of names.slice(0, MAX_FILES)) {
    const beginning = await beginningOf(join(folder, name));
    if (!beginning) return undefined;
    const mark = encodingOfMark(beginning);
    const found = mark ?? wideWithoutMark(beginning);
    if (found && isWide(found)) wide.add(mark ? found.slice(0, 6) : found);
    else if (mark || decodeUtf8(beginning) !== undefined) utf8 += beginning.some((byte) => byte >= 0x80) ? 1 : 0;
    else others.push(beginning, Buffer.from('\n'));
  }
  const isOnlyWide = wide.size === 1 && utf8 === 0 && others.length === 0;
  if (isOnlyWide) return [...wide][0];
  if (wide.size > 0 || utf8 > 0 || others.length === 0) return undefined;
  const [first, ...more] = await proposeEncodings(Buffer.concat(others));
  return more.length === 0 ? first?.encoding : undefined;
}

/** Returns whole lines of a file's beginning, or `undefined` if it cannot be read. */
async function beginningOf(path: string): Promise<Uint8Array | undefined> {
  const file = await openInput(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const bytes = await readBeginning(file, MAX_BYTES);
    const end = bytes.length < MAX_BYTES ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    return end > 0 ? bytes.subarray(0, end) : bytes;
  } finally {
    await file.close();
  }
}
