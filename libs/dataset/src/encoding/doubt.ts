import type { ByteFile } from '../gzip/byte-file.js';
import { quoteWord } from './advice.js';
import { WORDS, findMixture, firstDifference, hasWords, proposeEncodings } from './detect.js';
import { isWide } from './mark.js';
import { decode, linesBeyondAscii, readSample, scoreText } from './sample.js';

/** Another reading of a file than the stated one, which is much better. */
export interface Doubt {
  message: string;
  /** The encodings of other readings, the likeliest first. There are none if the file has two encodings. */
  encodings: readonly string[];
}

/** The highest score of a reading that is doubted, and the least difference to one that is proposed. */
const NO_WORDS = 0.45;
const CLEAR = 0.6;

/** What tables of characters are drawn with, and the narrow kana of old systems: they make no words, and may be right. */
const SPECIAL = /([─-╿▀-▟])\1\1|[\uff61-\uff9f]{2}/;

/** Bytes at the beginning of a file in which the first one beyond ASCII is looked for. */
const SEARCHED = 1024 * 1024;

/**
 * Returns a doubt about the encoding that is stated for an open file without a byte order mark: the file makes no words in
 * it, and clear ones in another encoding. Returns `undefined` if there is none, or if the file is not valid in the encoding.
 */
export async function doubtOf(file: ByteFile, encoding: string): Promise<Doubt | undefined> {
  if (encoding === 'utf-8' || encoding === 'iso-2022-jp' || isWide(encoding)) return undefined;
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(SEARCHED), 0, SEARCHED, 0);
  const offset = buffer.subarray(0, bytesRead).findIndex((byte) => byte >= 0x80);
  if (offset === -1) return undefined;
  return doubtOfSample(await readSample(file, offset), encoding);
}

/** Returns the same as `doubtOf` for lines of a file. */
export async function doubtOfSample(sample: Uint8Array, encoding: string): Promise<Doubt | undefined> {
  const own = await decode(Buffer.concat(linesBeyondAscii(sample)), encoding);
  if (own === undefined) return undefined;
  if (SPECIAL.test(own)) return undefined;
  const score = scoreText(own) ?? -Infinity;
  // To look for others takes as long as to read tens of megabytes.
  const proposals = score > NO_WORDS ? [] : await proposeEncodings(sample);
  const [first] = proposals;
  const isBetter = first && first.score >= Math.max(WORDS, score + CLEAR) && hasWords(first.text);
  if (isBetter && first.text !== own) {
    const [ours, theirs] = (firstDifference(own, first.text) ?? [own, first.text]).map(quoteWord);
    const message = `The file reads ${ours} in ${encoding}, which is stated, and ${theirs} in ${first.encoding}.`;
    return { message, encodings: proposals.map((one) => one.encoding) };
  }
  const mixture = await findMixture(sample, encoding);
  return mixture && { message: `Some lines make words in ${mixture[0]}, and others in ${mixture[1]}.`, encodings: [] };
}
