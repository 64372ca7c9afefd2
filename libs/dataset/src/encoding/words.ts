import { latinUsualness, scriptOf, usualness, type Script } from './letters.js';

/** Controls other than white space, characters without a meaning, and private ones: no text has them. */
const NO_TEXT = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff\p{Co}\p{Cn}\p{Cs}]/u;
/** What pictures of characters are made of. */
const DRAWING = /[\u2300-\u23ff\u2500-\u25ff]/;
const LETTER = /\p{L}/u;
/** What stands between letters of a word. */
const INNER = /[’·‐‑—×±¹²³\u00ad]/;
const AFTER_WORD = /[’”»…—–®™²³°ºª\u00a0、。，」）：；]/;
const BEFORE_WORD = /[‘’“„‚«¿¡…—µ°©§\u00a0「（]/;
const AFTER_DIGIT = /[€°%£½²³ªº\u00a0]/;
const USUAL_ALONE = /[–—•€£§©«»“”„’‘…±½°²³№\u00a0・]/;
/** Punctuation of East Asia, and wide forms of ASCII. */
const WIDE = /[\u3000-\u3004\u3008-\u3020\uff01-\uff60\uffe0-\uffe6]/;

/**
 * Returns how much a text looks like words, by its characters beyond ASCII: about 1 for a language's own letters, less for
 * rare letters, and below 0 for symbols inside words, mixed scripts and capitals after small letters. Returns `undefined` if
 * no text has such characters, or if all are ASCII.
 */
export function scoreWords(text: string): number | undefined {
  if (NO_TEXT.test(text)) return undefined;
  const characters = Array.from(text);
  const latin: string[] = [];
  let [count, total] = [0, 0];
  characters.forEach((character, index) => {
    if (character < '\x80') return;
    count++;
    const [before, after] = [characters[index - 1] ?? ' ', characters[index + 1] ?? ' '];
    const script = scriptOf(character);
    if (script === undefined) total += symbolScore(character, before, after);
    else {
      if (script === 'latin') latin.push(character === 'İ' ? character : character.toLowerCase());
      else total += usualness(character, script);
      total += contextScore(character, script, before, after);
    }
  });
  if (count === 0) return undefined;
  if (latin.length > 0) total += latin.length * latinUsualness(latin);
  return total / count;
}

function symbolScore(symbol: string, before: string, after: string): number {
  if (DRAWING.test(symbol)) return -3;
  if (WIDE.test(symbol)) return 0.7;
  const [follows, precedes] = [LETTER.test(before), LETTER.test(after)];
  if (follows && precedes) return INNER.test(symbol) ? 0.3 : -2;
  if (/\d/.test(before) && AFTER_DIGIT.test(symbol)) return 0.5;
  if (follows) return AFTER_WORD.test(symbol) ? 0.1 : -1;
  if (precedes) return BEFORE_WORD.test(symbol) ? 0.1 : -1;
  return USUAL_ALONE.test(symbol) ? 0.2 : -0.7;
}

/** Scripts whose letters often follow a digit. */
const EAST_ASIAN: readonly Script[] = ['han', 'kana', 'hangul'];
/** Scripts that occur in one word. */
const TOGETHER: readonly Script[] = ['han', 'kana'];

function contextScore(letter: string, script: Script, before: string, after: string): number {
  let score = 0;
  if (/\d/.test(before) && !EAST_ASIAN.includes(script)) score -= 0.5;
  const neighbours = [scriptOf(before), scriptOf(after)].filter((one) => one !== undefined);
  if (neighbours.some((one) => one !== script && !(TOGETHER.includes(one) && TOGETHER.includes(script)))) score -= 2;
  // In most languages of Latin script, two letters beyond ASCII rarely follow each other.
  if (script === 'latin' && before >= '\x80' && scriptOf(before) === script) score -= 0.6;
  if (/\p{M}/u.test(letter)) {
    if (neighbours.length === 0 || scriptOf(before) === undefined) score -= 2;
  } else if (isUpper(letter)) {
    if (isLower(before)) score -= 2;
    else if (isUpper(before)) score -= 0.2;
  } else if (isLower(letter)) {
    if (isUpper(before) && isUpper(after)) score -= 1.5;
    // No word begins with these.
    if (/[ъьы]/.test(letter) && !LETTER.test(before)) score -= 2;
  }
  return score;
}

const isUpper = (text: string): boolean => text !== text.toLowerCase();
const isLower = (text: string): boolean => text !== text.toUpperCase();
