import type { ByteFile } from '../gzip/byte-file.js';
import { listNames, printableLine, shortenName } from '@tracebloc/ingestor-core';
import { findMixture, firstDifference, proposeEncodings, type Proposal } from './detect.js';
import { decode, isMostlyUtf8, linesBeyondAscii, partitionUtf8, readSample, scoreText } from './sample.js';
import type { StatedEncoding } from './stated.js';

/** Returns the fix for a file that is in an encoding, without a full stop. */
export type FixFor = (encoding: string) => string;

/** Returns the fix for a file for which there is no option. */
export const convertFix: FixFor = (encoding) =>
  `Convert the file: \`iconv -f ${iconvName(encoding)} -t UTF-8 old > new\``;

/** Returns the fix by an option. It has effect on other files too if it `isShared`. */
export function fixByOption({ option, isShared }: StatedEncoding): FixFor {
  return isShared
    ? (encoding) => `${convertFix(encoding)}, or set \`${option}: ${encoding}\` if all files have this encoding`
    : (encoding) => `Set \`${option}: ${encoding}\``;
}

/**
 * Returns the fix for an open file whose byte at the offset is not UTF-8: the encodings in which the file makes words, and, if
 * there are two, one word as each of them reads it.
 */
export async function adviceFor(file: ByteFile, offset: number, fixFor: FixFor): Promise<string> {
  return adviceForSample(await readSample(file, offset), fixFor);
}

/** Returns the same as `adviceFor` for the lines of a file around a byte that is not UTF-8. */
export async function adviceForSample(sample: Uint8Array, fixFor: FixFor = convertFix): Promise<string> {
  if (isMostlyUtf8(sample)) return DAMAGED;
  const mixture = await findMixture(sample);
  if (mixture)
    return `Write all lines in one encoding: some are ${mixture[0]}, and others make words in ${mixture[1]}.`;
  const [first, second] = await proposeEncodings(sample);
  if (!first) return EXPORT_AGAIN;
  const fix = fixFor(first.encoding);
  if (!second) return `${fix}${sameNote(first)}.`;
  const words = firstDifference(first.text, second.text)?.map(quoteWord);
  const shows = words ? ` It reads ${words[0]} then.` : '';
  const other = `${second.encoding}${words ? `, which reads ${words[1]}` : ''}`;
  return `${fix}.${shows} It may also be ${other}: look which of the two is right.`;
}

/**
 * Returns the fix for an open file whose byte at the offset is not valid in the encoding that is stated: another encoding, or
 * to correct the file if its other lines make words in the stated one. Returns `undefined` if it makes words in none.
 */
export async function adviceDespite(
  file: ByteFile,
  offset: number,
  stated: StatedEncoding & { encoding: string },
): Promise<string | undefined> {
  const { encoding } = stated;
  const sample = await readSample(file, offset);
  const lines = linesBeyondAscii(sample);
  const { utf8, others } = partitionUtf8(lines);
  if (utf8.length > 0 && others.length === 0) {
    const remove = stated.isShared ? 'Convert all files to UTF-8 and remove' : 'Remove';
    return `${remove} \`${stated.option}\`: the lines around this place are UTF-8.`;
  }
  const texts = await Promise.all(lines.map((line) => decode(line, encoding)));
  const own = scoreText(texts.filter((text) => text !== undefined).join('')) ?? -Infinity;
  const [first] = await proposeEncodings(sample);
  if (own >= WORDS && own >= (first?.score ?? 0) - CLEAR) {
    return `Correct this place, or export the file again: the other lines make words in ${encoding}.`;
  }
  return first && adviceForSample(sample, fixByOption(stated));
}

/** The score above which a text has words, and the difference of two scores that decides. */
const WORDS = 0.25;
const CLEAR = 0.3;

const DAMAGED =
  'Nearly all of the file is UTF-8, so this place is damaged or comes from another file: correct it, or export the file again as UTF-8.';
const EXPORT_AGAIN =
  'Export the file again as UTF-8, or convert it from the encoding in which it was written with `iconv`.';

/** Names the encodings that are as good as the proposed one, as far as the file shows. */
function sameNote({ same }: Proposal): string {
  return same.length > 0 ? `. The file reads the same in ${listNames(same, 3)}` : '';
}

/** The longest word that is shown. */
const MAX_WORD = 24;

/** Returns a word of the file in quotes, as it may be shown. */
export const quoteWord = (word: string): string =>
  `"${printableLine(shortenName(Array.from(word).slice(0, MAX_WORD).join('')))}"`;

/** The names of `iconv` for encodings that are wider than it thinks, or that it knows by another name. */
const ICONV_NAMES: Readonly<Record<string, string>> = { 'euc-kr': 'CP949', shift_jis: 'CP932', ibm866: 'CP866' };

const iconvName = (encoding: string): string => ICONV_NAMES[encoding] ?? encoding.toUpperCase();
