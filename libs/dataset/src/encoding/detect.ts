import { decode, isMostlyUtf8, linesBeyondAscii, makesBetterWords, partitionUtf8, scoreText } from './sample.js';

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
/** The same for texts of few words, which may be symbols. */
const CLOSE_WITHOUT_WORDS = 0.5;

/**
 * Returns the encodings in which a sample makes words, the likeliest first, and only those that are about as likely. Returns
 * none for damaged UTF-8, and for lines in two encodings.
 */
export async function proposeEncodings(sample: Uint8Array): Promise<Proposal[]> {
  if (isMostlyUtf8(sample)) return [];
  const lines = linesBeyondAscii(sample);
  const proposals = await propose(sample, lines);
  return (await mixtureOf(lines, proposals[0]?.encoding)) ? [] : proposals;
}

/**
 * Returns the two encodings of a sample, if some lines make words in one of them and others in the other. One is UTF-8, or
 * the encoding that is given, or that of most lines.
 */
export async function findMixture(
  sample: Uint8Array,
  encoding?: string,
): Promise<readonly [string, string] | undefined> {
  const lines = linesBeyondAscii(sample);
  return mixtureOf(lines, encoding ?? (await propose(sample, lines))[0]?.encoding);
}

async function mixtureOf(
  lines: readonly Uint8Array[],
  encoding: string | undefined,
): Promise<readonly [string, string] | undefined> {
  const { utf8, others } = partitionUtf8(lines);
  if (utf8.length > 0 && others.length > 0) {
    const [first] = await propose(Buffer.concat(others), others);
    const isOther = first && (await makesBetterWords(utf8, first.encoding));
    if (isOther && (await makesBetterWords(utf8, encoding ?? first.encoding))) return ['UTF-8', first.encoding];
  }
  if (encoding === undefined) return undefined;
  const scores = await Promise.all(lines.map(async (line) => scoreText((await decode(line, encoding)) ?? '') ?? 0));
  const strange = lines.filter((_, index) => scores[index]! < MIN_SCORE);
  if (strange.length === 0 || !scores.some((score) => score >= WORDS)) return undefined;
  const [second] = await propose(Buffer.concat(strange), strange);
  if (!second || second.encoding === encoding || second.same.includes(encoding)) return undefined;
  const own = scoreText((await decode(Buffer.concat(strange), encoding)) ?? '') ?? -Infinity;
  const isBetter = second.score >= Math.max(WORDS, own + MUCH_BETTER) && hasWords(second.text);
  return isBetter ? [encoding, second.encoding] : undefined;
}

/** The score of a text that surely has words. */
export const WORDS = 0.6;
/** The difference of two scores that shows that lines have another encoding than the others. */
const MUCH_BETTER = 0.9;
/** Numbers of different words, and of different letters beyond ASCII, of which fewer may come from symbols. */
const [MIN_WORDS, MIN_LETTERS] = [3, 2];
/** A letter of a script in which words are short. */
const SHORT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Returns whether a text has so many words with letters beyond ASCII that they are no symbols of another encoding. */
export function hasWords(text: string): boolean {
  const words = new Set<string>();
  const letters = new Set<string>();
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    const beyond = word.match(/[^\0-\x7f]/gu);
    if (!beyond || Array.from(word).length < (SHORT.test(word) ? 2 : 3)) continue;
    words.add(word);
    beyond.forEach((letter) => letters.add(letter));
    if (words.size >= MIN_WORDS && letters.size >= MIN_LETTERS) return true;
  }
  return false;
}

async function propose(sample: Uint8Array, lines: readonly Uint8Array[]): Promise<Proposal[]> {
  const proposals = new Map<string, Proposal>();
  const judged = Buffer.concat(lines);
  for (const [encoding, bonus] of CANDIDATES) {
    if ((await decode(sample, encoding)) === undefined) continue;
    const text = (await decode(judged, encoding)) ?? '';
    const known = proposals.get(text);
    if (known) {
      proposals.set(text, { ...known, same: [...known.same, encoding] });
      continue;
    }
    const score = scoreText(text);
    if (score !== undefined) proposals.set(text, { encoding, same: [], text, score: score + bonus });
  }
  const sorted = [...proposals.values()].filter(({ score }) => score >= MIN_SCORE).sort((a, b) => b.score - a.score);
  const [best] = sorted;
  if (!best) return [];
  const least = best.score - (hasWords(best.text) ? CLOSE : CLOSE_WITHOUT_WORDS);
  return sorted.filter(({ score }) => score >= least);
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
