import type { ByteFile } from '../gzip/byte-file.js';

/** Bytes by which encodings and formats are known. */
const BEGINNING = 1024;

/** Reads the first bytes of an open file, by which encodings and formats are known. The file's position does not change. */
export async function readBeginning(file: ByteFile, length = BEGINNING): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** Returns the encoding that a byte order mark states, or `undefined` if the text has none. */
export function encodingOfMark([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'utf-32be';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Returns whether an encoding is UTF-16 or UTF-32. */
export const isWide = (encoding: string): boolean => /^utf-(16|32)/.test(encoding);

/**
 * Returns the encoding of a text in UTF-16 or UTF-32 without a byte order mark, by its beginning: its ASCII characters have
 * NULs beside them, which text in other encodings does not have.
 */
export function wideWithoutMark(beginning: Uint8Array): string | undefined {
  const [first, second, third, fourth] = beginning;
  if (fourth === undefined || encodingOfMark(beginning) !== undefined) return undefined;
  if (first && second === 0 && third === 0 && fourth === 0) return 'utf-32le';
  if (first === 0 && second === 0 && third === 0 && fourth) return 'utf-32be';
  if (first && third && second === 0 && fourth === 0) return 'utf-16le';
  if (first === 0 && third === 0 && second && fourth) return 'utf-16be';
  if (!beginning.includes(0)) return undefined;
  return (['utf-16le', 'utf-16be'] as const).find((encoding) => hasPairs(beginning, encoding === 'utf-16le' ? 1 : 0));
}

/** Returns whether bytes are pairs, of which one byte at the index `high` is NUL in each ASCII character. */
function hasPairs(bytes: Uint8Array, high: 0 | 1): boolean {
  let [ascii, lineFeeds, halves, others, strange] = [0, 0, 0, 0, 0];
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    const [upper, lower] = [bytes[index + high]!, bytes[index + 1 - high]!];
    if (upper === 0 && isText(lower)) {
      ascii++;
      if (lower === 0x0a) lineFeeds++;
      continue;
    }
    others++;
    if (upper === 0 || lower === 0) halves++;
    else if (!isText(upper) || !isText(lower)) strange++;
  }
  // A text of single bytes with a few NULs has ASCII in its other pairs, and its line feeds have no NUL.
  const isFrequent = lineFeeds > 0 || ascii * 8 >= others;
  return ascii > 1 && ascii >= 4 * halves && isFrequent && strange * 10 >= others;
}

/** Whether a byte is an ASCII character of a text. */
const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte);
