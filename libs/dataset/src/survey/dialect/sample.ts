import { openText } from '../../gzip/gunzipped-file.js';
import { createDecoder } from '../../encoding/decoder.js';
import { encodingOfMark, readBeginning } from '../../encoding/mark.js';
import type { DialectSample } from './types.js';

/** The bytes at the beginning and at the end of a file that are examined. */
const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 16 * 1024;

/**
 * Decodes a part of a file, which may begin and end within a character. Bytes that mean nothing become a replacement
 * character or end the text; no dialect depends on them.
 */
async function decodePart(bytes: Uint8Array, encoding: string): Promise<string> {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // The platform does not have all encodings.
    return (await createDecoder(encoding)).push(bytes);
  }
}

/**
 * Reads the beginning and the end of a file. A byte order mark has priority over the encoding. Returns an empty sample if the
 * file cannot be opened: the reader says why.
 */
export async function readDialectSample(path: string, encoding = 'utf-8'): Promise<DialectSample> {
  const file = await openText(path).catch(() => undefined);
  if (!file) return { head: '', tail: '', complete: true, path };
  try {
    const size = await file.size();
    const actual = encodingOfMark(await readBeginning(file)) ?? encoding;
    const part = async (from: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return decodePart(buffer.subarray(0, bytesRead), actual);
    };
    const complete = size <= HEAD_BYTES;
    const head = await part(0, HEAD_BYTES);
    // The tail of a text in units of two or four bytes must begin with a whole one.
    const from = Math.max(HEAD_BYTES, size - TAIL_BYTES) & ~3;
    const tail = complete ? '' : await part(from, TAIL_BYTES + 4);
    return { head: head.replace(/^\ufeff/, ''), tail, complete, path };
  } finally {
    await file.close();
  }
}
