/** A piece of prose in a Markdown file: a paragraph, an item of a list, a cell of a table or a heading. */
export interface Block {
  /** The line on which it starts, from 1. */
  line: number;
  kind: 'paragraph' | 'heading' | 'cell';
  /** The text without markup. Inline code stays, in backticks. */
  text: string;
}

/** Returns the prose of a Markdown text. Code blocks, comments and link targets are left out. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let fence: string | undefined;
  const close = () => {
    if (open !== undefined) blocks.push({ ...open, text: plain(open.text) });
    open = undefined;
  };
  const withoutComments = markdown.replaceAll(/<!--[^]*?-->/g, (comment) => comment.replaceAll(/[^\n]/g, ''));
  withoutComments.split('\n').forEach((raw, index) => {
    const text = raw.trim();
    const mark = /^(```+|~~~+)/.exec(text)?.[1];
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence)) fence = undefined;
      return;
    }
    const line = index + 1;
    if (mark !== undefined) {
      close();
      fence = mark;
    } else if (text === '' || /^([-*_])( *\1){2,}$/.test(text)) {
      close();
    } else if (text.startsWith('#')) {
      close();
      blocks.push({ line, kind: 'heading', text: plain(text.replace(/^#+ */, '')) });
    } else if (text.startsWith('|')) {
      close();
      for (const cell of cellsOf(text)) blocks.push({ line, kind: 'cell', text: plain(cell) });
    } else {
      const item = /^(?:[-*+]|\d+[.)]) +(.*)$/.exec(text.replace(/^>+ ?/, ''));
      if (item !== null) close();
      const content = item?.[1] ?? text.replace(/^>+ ?/, '');
      open =
        open === undefined ? { line, kind: 'paragraph', text: content } : { ...open, text: `${open.text} ${content}` };
    }
  });
  close();
  return blocks;
}

/** Returns the cells of a row; the line below a table's head has none. */
function cellsOf(row: string): string[] {
  if (/^[|\s:-]+$/.test(row)) return [];
  return row
    .replaceAll('\\|', '\u0000')
    .split('|')
    .map((cell) => cell.replaceAll('\u0000', '|').trim())
    .filter((cell) => cell !== '');
}

function plain(text: string): string {
  return text
    .replaceAll(/!?\[((?:[^\][]|\[[^\]]*\])*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|__/g, '')
    .trim();
}

/** Abbreviations whose full stop ends no sentence. */
const ABBREVIATIONS = /\b(?:e\.g|i\.e|etc|vs|cf|no|approx|resp|St)\.$/i;

/** Splits prose into sentences. Full stops in code, numbers, names of files and abbreviations end none. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  // Code becomes a word of the same length, so that no stop in it counts.
  const masked = text.replaceAll(/`[^`]*`/g, (code) => 'x'.repeat(code.length));
  for (const { index, 0: stop } of masked.matchAll(/[.!?…]+["'”’)\]*_]*(?=\s|$)/g)) {
    const end = index + stop.length;
    if (stop.startsWith('.') && ABBREVIATIONS.test(masked.slice(start, index + 1))) continue;
    // A lower-case letter continues a sentence, but code may begin one.
    if (/^\s+\p{Ll}/u.test(masked.slice(end)) && !/^\s+`/.test(text.slice(end))) continue;
    sentences.push(text.slice(start, end).trim());
    start = end;
  }
  sentences.push(text.slice(start).trim());
  return sentences.filter((sentence) => sentence !== '');
}

/** Counts the words of a sentence. A piece of inline code is one word. */
export function countWords(sentence: string): number {
  const words = sentence.replaceAll(/`[^`]*`/g, 'x').split(/[\s—–]+|\s-\s/);
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
