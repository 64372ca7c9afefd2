import type { FileHandle } from 'node:fs/promises';
import { createDecoder } from './decoder.js';
import { scoreWords } from './words.js';

/** An encoding in which a sample makes words. */
export interface Proposal {
  encoding: string;
  /** Other encodings in which the sample reads just the same. */
  same: readonly string[];
  /** The sample's text. */
  text: string;
  score: number;
}

/** Of encodings that read a sample in the same way, the first is proposed. The values are added to the scores. */
const CANDIDATES: ReadonlyMap<string, number> = new Map([
  ['windows-1252', 0.15],
  ['windows-1250', 0.05],
  ['windows-1251', 0.1],
  ['gb18030', 0.1],
  ['shift_jis', 0.1],
  ['euc-kr', 0.05],
  ['big5', 0.05],
  ['euc-jp', 0.05],
  ['windows-1253', 0.05],
  ['windows-1254', 0],
  ['windows-1255', 0.05],
  ['windows-1256', 0.05],
  ['windows-1257', -0.05],
  ['windows-874', 0],
  ['iso-8859-2', 0],
  ['iso-8859-15', 0],
  ['iso-8859-5', 0],
  ['iso-8859-7', 0],
  ['koi8-r', 0.05],
  ['koi8-u', 0],
  ['ibm866', 0.05],
  ['cp850', 0.1],
  ['macintosh', 0.05],
  ['x-mac-cyrillic', 0],
  ['cp437', 0.1],
  ['cp852', 0.05],
  ['cp737', -0.05],
  ['cp855', -0.05],
  ['cp857', -0.05],
  ['cp860', -0.1],
  ['cp862', -0.05],
  ['cp720', -0.1],
  ['cp858', -0.15],
  ['cp775', -0.15],
  ['cp861', -0.15],
  ['cp863', -0.15],
  ['cp864', -0.15],
  ['cp865', -0.15],
  ['cp869', -0.15],
]);

/** The score below which a text has no words, and the difference of two scores that does not decide. */
const MIN_SCORE = 0.25;
const CLOSE = 0.15;

/** Bytes of a file that are looked at: before the byte that is not UTF-8, and from it on. */
const BEFORE = 64 * 1024;
const AFTER = 1024 * 1024;
/** Characters that are judged. */
const MAX_JUDGED = 8192;
/** Stretches of a text that say nothing of its encoding, but for their ends. */
const LONG_ASCII = /([\0-\x7f]{20})[\0-\x7f]+([\0-\x7f]{20})/g;

/** Returns the encodings in which a sample makes words, the likeliest first, and only those that are about as likely. */
export async function proposeEncodings(sample: Uint8Array): Promise<Proposal[]> {
  if (isMostlyUtf8(sample)) return [];
  const proposals = new Map<string, Proposal>();
  const lines = linesBeyondAscii(sample);
  for (const [encoding, bonus] of CANDIDATES) {
    if ((await decode(sample, encoding)) === undefined) continue;
    const text = (await decode(lines, encoding)) ?? '';
    const known = proposals.get(text);
    if (known) {
      proposals.set(text, { ...known, same: [...known.same, encoding] });
      continue;
    }
    const score = scoreWords(text.replaceAll(LONG_ASCII, '$1 $2').slice(0, MAX_JUDGED));
    if (score !== undefined) proposals.set(text, { encoding, same: [], text, score: score + bonus });
  }
  const sorted = [...proposals.values()].filter(({ score }) => score >= MIN_SCORE).sort((a, b) => b.score - a.score);
  return sorted.filter(({ score }) => score >= sorted[0]!.score - CLOSE);
}

/** Returns whether most characters beyond ASCII are UTF-8, so that a sample is damaged UTF-8 rather than in another encoding. */
export function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('utf8');
  const [invalid, all] = [/\ufffd/g, /[^\0-\x7f]/gu].map((pattern) => text.match(pattern)?.length ?? 0);
  return all! > 2 * invalid!;
}

/** Returns whole lines of a file around a byte that is not UTF-8. */
export async function readSample(file: FileHandle, offset: number): Promise<Uint8Array> {
  const start = Math.max(0, offset - BEFORE);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(offset - start + AFTER), 0, offset - start + AFTER, start);
  const bytes = buffer.subarray(0, bytesRead);
  const first = start === 0 ? 0 : bytes.lastIndexOf(0x0a, offset - start) + 1;
  const last = bytesRead < buffer.length ? -1 : bytes.lastIndexOf(0x0a);
  return bytes.subarray(first, last === -1 ? bytesRead : last + 1);
}

/** Returns the first word that two texts read from the same bytes do not share, as each of them has it. */
export function firstDifference(one: string, other: string): [string, string] | undefined {
  const [ones, others] = [wordsOf(one), wordsOf(other)];
  const index = ones.findIndex((word, at) => word !== others[at]);
  const [word, otherWord] = [ones[index], others[index]];
  return word === undefined || otherWord === undefined ? undefined : [word, otherWord];
}

/** ASCII punctuation has the same place in every reading. */
const wordsOf = (text: string): string[] => text.split(/[\0-/:-@[-`{-\x7f]+/);

/** In no candidate is a line feed part of another character. */
function linesBeyondAscii(sample: Uint8Array): Uint8Array {
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
  return Buffer.concat(kept);
}

async function decode(bytes: Uint8Array, encoding: string): Promise<string | undefined> {
  const decoder = await createDecoder(encoding);
  const text = decoder.push(bytes);
  decoder.end();
  return decoder.invalid ? undefined : text;
}
