import type { ByteFile } from '../gzip/byte-file.js';
import { createDecoder } from './decoder.js';
import { Utf8Decoder } from './utf8.js';
import { scoreWords } from './words.js';

/** Bytes of a file that are examined: before the byte that is not UTF-8, and from it on. */
const BEFORE = 64 * 1024;
const AFTER = 1024 * 1024;
/** Characters that are judged. */
const MAX_JUDGED = 8192;
/** Stretches of a text that say nothing of its encoding, but for their ends. */
const LONG_ASCII = /([\0-\x7f]{20})[\0-\x7f]+([\0-\x7f]{20})/g;

/** Returns whole lines of a file around a byte that is not UTF-8. */
export async function readSample(file: ByteFile, offset: number): Promise<Uint8Array> {
  const start = Math.max(0, offset - BEFORE);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(offset - start + AFTER), 0, offset - start + AFTER, start);
  const bytes = buffer.subarray(0, bytesRead);
  const first = start === 0 ? 0 : bytes.lastIndexOf(0x0a, offset - start) + 1;
  const last = bytesRead < buffer.length ? -1 : bytes.lastIndexOf(0x0a);
  return bytes.subarray(first, last === -1 ? bytesRead : last + 1);
}

/** Returns lines with bytes beyond ASCII, as many as are judged. In no encoding of these is a line feed part of another character. */
export function linesBeyondAscii(sample: Uint8Array): Uint8Array[] {
  const kept: Uint8Array[] = [];
  let length = 0;
  for (let start = 0, end; start < sample.length && length < 2 * MAX_JUDGED; start = end) {
    const lineEnd = sample.indexOf(0x0a, start);
    end = lineEnd === -1 ? sample.length : lineEnd + 1;
    const line = sample.subarray(start, end);
    if (!line.some((byte) => byte >= 0x80)) continue;
    kept.push(line);
    length += line.length;
  }
  return kept;
}

/** Returns the text of bytes, or `undefined` if one of them is not valid in the encoding. */
export async function decode(bytes: Uint8Array, encoding: string): Promise<string | undefined> {
  const decoder = await createDecoder(encoding);
  const text = decoder.push(bytes);
  decoder.end();
  return decoder.invalid ? undefined : text;
}

/** Returns how much a long text looks like words; see `scoreWords`. */
export const scoreText = (text: string): number | undefined =>
  scoreWords(text.replaceAll(LONG_ASCII, '$1 $2').slice(0, MAX_JUDGED));

/** Returns whether most characters beyond ASCII are UTF-8, so that a sample is damaged UTF-8 rather than in another encoding. */
export function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('utf8');
  const [invalid, all] = [/\ufffd/g, /[^\0-\x7f]/gu].map((pattern) => text.match(pattern)?.length ?? 0);
  return all! > 2 * invalid!;
}

/** Returns the text of the beginning of a file, which may end within a character, or `undefined` if it is not UTF-8. */
export function decodeUtf8(beginning: Uint8Array): string | undefined {
  const decoder = new Utf8Decoder();
  const text = decoder.push(beginning);
  return decoder.invalid ? undefined : text;
}

/** Characters beyond ASCII that are too many to be UTF-8 by chance. */
const TOO_MANY = 2;

/**
 * Returns whether the beginning of a file, which may end within a character, is UTF-8 rather than the text that an encoding
 * makes of it: it has characters beyond ASCII, all of which are UTF-8, and makes no better words in the encoding.
 */
export async function isUtf8InTruth(beginning: Uint8Array, encoding: string): Promise<boolean> {
  const text = decodeUtf8(beginning);
  if (text === undefined || (text.match(/[^\0-\x7f]/gu)?.length ?? 0) < TOO_MANY) return false;
  const other = (await createDecoder(encoding)).push(beginning);
  return (scoreText(text) ?? -Infinity) >= (scoreText(other) ?? -Infinity);
}

/** Divides lines into those that are UTF-8 and others. */
export function partitionUtf8(lines: readonly Uint8Array[]): { utf8: Uint8Array[]; others: Uint8Array[] } {
  const { utf8 = [], others = [] } = Object.groupBy(lines, (line) => {
    const decoder = new Utf8Decoder();
    decoder.push(line);
    decoder.end();
    return decoder.invalid ? 'others' : 'utf8';
  });
  return { utf8, others };
}

/** Returns whether lines of UTF-8 make better words so than in another encoding. */
export async function makesBetterWords(lines: readonly Uint8Array[], encoding: string): Promise<boolean> {
  const bytes = Buffer.concat(lines);
  const other = await decode(bytes, encoding);
  const score = scoreText(bytes.toString('utf8'));
  if (score === undefined || other === undefined) return score !== undefined;
  return score > (scoreText(other) ?? -Infinity) + BETTER;
}

/** The difference of two scores that decides between readings of one text. */
const BETTER = 0.3;
