/** The white space at which words and tags are separated: that of Python, in which most readers are written. */
const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const SPACES = new RegExp(`[${SPACE}]+`, 'u');
const TAG = new RegExp(`^(?:O|[BI]-[^${SPACE}]+)$`, 'u');
const TAG_LIST = new RegExp(`^(?:O|[BI]-[^${SPACE}]+)(?:[${SPACE}]+(?:O|[BI]-[^${SPACE}]+))*$`, 'u');

/** Returns the words of a text, or the tags of a list. */
export function wordsOf(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '');
}

/** Whether a character is white space between words. */
export function isSpace(character: string): boolean {
  return SPACES.test(character);
}

/** Whether a word is a tag: `O`, `B-<type>` or `I-<type>`. */
export function isTag(word: string): boolean {
  return TAG.test(word);
}

/** Whether a trimmed text is a list of tags. */
export function isTagList(text: string): boolean {
  return TAG_LIST.test(text);
}

const WORD = new RegExp(`[^${SPACE}]+`, 'gu');

/** Returns a counter of the words of a text that comes in pieces. */
export function wordCounter(): { add(piece: string): void; readonly count: number } {
  let count = 0;
  let isInWord = false;
  return {
    add(piece) {
      if (piece === '') return;
      const continues = isInWord && !isSpace(piece[0]!);
      count += (piece.match(WORD)?.length ?? 0) - (continues ? 1 : 0);
      isInWord = !isSpace(piece.at(-1)!);
    },
    get count() {
      return count;
    },
  };
}
