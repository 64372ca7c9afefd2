import type { FileHandle } from 'node:fs/promises';
import { Utf8Decoder } from './utf8.js';

/** Reads the first bytes of an open file, by which encodings and formats are known. The file's position does not change. */
export async function readBeginning(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead);
}

/** Returns the encoding that a byte order mark states, or `undefined` if the text has none. */
export function encodingOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Returns the encoding of two ASCII characters in UTF-16 at the start of a text, which in other encodings have no NUL. */
export function looksLikeUtf16(beginning: Uint8Array): string | undefined {
  if (beginning.length < 4) return undefined;
  const [first, second, third, fourth] = beginning;
  if (first && third && second === 0 && fourth === 0) return 'utf-16le';
  return first === 0 && third === 0 && second && fourth ? 'utf-16be' : undefined;
}

/** Bytes at the beginning of a file that are examined, and characters that are too many to be UTF-8 by chance. */
const EXAMINED = 64 * 1024;
const TOO_MANY = 2;

/** Returns whether the beginning of an open file has characters beyond ASCII, all of which are UTF-8. */
export async function isUtf8InTruth(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(EXAMINED), 0, EXAMINED, 0);
  const decoder = new Utf8Decoder();
  const text = decoder.push(buffer.subarray(0, bytesRead));
  if (bytesRead < EXAMINED) decoder.end();
  return !decoder.invalid && (text.match(/[^\0-\x7f]/gu)?.length ?? 0) >= TOO_MANY;
}
