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
    return describe(
      own,
      encoding,
      first.text,
      proposals.map((one) => one.encoding),
    );
  }
  const similar = await similarTo(sample, encoding, own, score);
  if (similar) return similar;
  const mixture = await findMixture(sample, encoding);
  if (mixture?.[0] === encoding) {
    const text = await decode(Buffer.concat(linesBeyondAscii(sample)), mixture[1]);
    // All lines may be in the second encoding.
    if (text !== undefined && (scoreText(text) ?? -Infinity) >= score)
      return describe(own, encoding, text, [mixture[1]]);
  }
  return mixture && { message: `Some lines make words in ${mixture[0]}, and others in ${mixture[1]}.`, encodings: [] };
}

/** Returns a doubt that shows a word as the stated encoding and the first other one read it. */
function describe(own: string, encoding: string, text: string, encodings: readonly string[]): Doubt {
  const [ours, theirs] = (firstDifference(own, text) ?? [own, text]).map(quoteWord);
  return {
    message: `The file reads ${ours} in ${encoding}, which is stated, and ${theirs} in ${encodings[0]}.`,
    encodings,
  };
}

/** Encodings of Latin letters that share most of them, so that a wrong one makes words too. */
const SIMILAR = ['windows-1252', 'windows-1250', 'windows-1254', 'windows-1257', 'iso-8859-2', 'iso-8859-15'];
/** The least score of a reading in another of them, and the least difference to the stated one. */
const SURE = 0.7;
const APART = 0.25;
/** The fewest different words, with a letter beyond ASCII, by which they are compared. */
const MIN_WORDS = 5;

/** Returns a doubt if the words have letters of one language only in another encoding of the same alphabet. */
async function similarTo(sample: Uint8Array, encoding: string, own: string, score: number): Promise<Doubt | undefined> {
  if (!SIMILAR.includes(encoding)) return undefined;
  const lines = Buffer.concat(linesBeyondAscii(sample));
  const readings = await Promise.all(
    SIMILAR.map(async (other) => {
      const text = (await decode(lines, other)) ?? '';
      return { other, text, score: scoreText(text) ?? -Infinity };
    }),
  );
  const sorted = readings.sort((one, two) => two.score - one.score);
  const [best] = sorted;
  if (!best || best.score < Math.max(SURE, score + APART) || best.text === own || !hasManyWords(best.text))
    return undefined;
  const others = sorted.slice(1).filter(({ text, score }) => score > best.score - CLOSE && text !== best.text);
  return describe(own, encoding, best.text, [best.other, ...others.map(({ other }) => other)]);
}

/** The difference of two scores that does not decide. */
const CLOSE = 0.15;

function hasManyWords(text: string): boolean {
  const words = text.match(/\p{L}+/gu)?.filter((word) => /[^\0-\x7f]/.test(word) && word.length > 2) ?? [];
  return new Set(words).size >= MIN_WORDS;
}
