import type { FileHandle } from 'node:fs/promises';
import { listNames, printableLine, shortenName } from '@tracebloc/ingestor-core';
import { firstDifference, isMostlyUtf8, proposeEncodings, readSample, type Proposal } from './detect.js';

/**
 * Returns the fix for an open file whose byte at the offset is not UTF-8: the encodings in which the file makes words, and, if
 * there are two, one word as each of them reads it. With `isOption` the fix is `spec.csv_options.encoding`, and otherwise to
 * convert the file. Returns `undefined` if the file makes words in no encoding.
 */
export async function adviceFor(file: FileHandle, offset: number, isOption: boolean): Promise<string | undefined> {
  return adviceForSample(await readSample(file, offset), isOption);
}

/** Returns the same as `adviceFor` for the lines of a file around a byte that is not UTF-8. */
export async function adviceForSample(sample: Uint8Array, isOption: boolean): Promise<string | undefined> {
  if (isMostlyUtf8(sample)) return DAMAGED;
  const [first, second] = await proposeEncodings(sample);
  if (!first) return isOption ? undefined : EXPORT_AGAIN;
  const fix = (encoding: string) =>
    isOption
      ? `Set \`spec.csv_options.encoding: ${encoding}\``
      : `Convert the file: \`iconv -f ${iconvName(encoding)} -t UTF-8 old > new\``;
  if (!second) return `${fix(first.encoding)}${sameNote(first)}.`;
  const words = firstDifference(first.text, second.text)?.map(quoted);
  const shows = words ? `, which reads ${words[0]}` : '';
  const other = `${second.encoding}${words ? `, which reads ${words[1]}` : ''}`;
  return `${fix(first.encoding)}${shows}. It may also be ${other}: look which of the two is right.`;
}

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

const quoted = (word: string): string =>
  `"${printableLine(shortenName(Array.from(word).slice(0, MAX_WORD).join('')))}"`;

/** The names of `iconv` for encodings that are wider than it thinks, or that it knows by another name. */
const ICONV_NAMES: Readonly<Record<string, string>> = { 'euc-kr': 'CP949', shift_jis: 'CP932', ibm866: 'CP866' };

const iconvName = (encoding: string): string => ICONV_NAMES[encoding] ?? encoding.toUpperCase();
