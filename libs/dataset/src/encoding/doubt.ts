import type { ByteFile } from '../gzip/byte-file.js';
import { quoteWord } from './advice.js';
import { encodingBesideUtf8, firstDifference, proposeEncodings } from './detect.js';
import { isWide } from './mark.js';
import { decode, linesBeyondAscii, readSample, scoreText } from './sample.js';

/** Another reading of a file than the stated one, which is much better. */
export interface Doubt {
  message: string;
  /** The encoding of the other reading, or `undefined` if the file has two encodings. */
  encoding?: string;
}

/** The highest score of a reading that is doubted, the lowest of one that is proposed, and the least difference. */
const NO_WORDS = 0.2;
const WORDS = 0.6;
const CLEAR = 0.7;

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
  const beside = await encodingBesideUtf8(sample);
  if (beside !== undefined) return { message: `Some lines are UTF-8, and others make words in ${beside}.` };
  const score = scoreText(own) ?? -Infinity;
  if (score > NO_WORDS) return undefined;
  const [first] = await proposeEncodings(sample);
  if (!first || first.score < Math.max(WORDS, score + CLEAR) || first.same.includes(encoding)) return undefined;
  const [ours, theirs] = (firstDifference(own, first.text) ?? [own, first.text]).map(quoteWord);
  const message = `The file reads ${ours} in ${encoding}, which is stated, and ${theirs} in ${first.encoding}.`;
  return { message, encoding: first.encoding };
}
