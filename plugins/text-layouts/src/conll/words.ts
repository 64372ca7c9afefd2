import { isTag } from '@tracebloc/ingestor-dataset';

/** The columns of a CoNLL file that are read. */
export interface ConllOptions {
  /** Where the tag is. */
  tag: 'first' | 'last';
  /** The number of the column of words, from 1. Default: the first column beside the tag. */
  word?: number;
  scheme: Scheme;
}

/** How the tags are written: `bioes` is also BILOU. */
export type Scheme = 'iob2' | 'iob1' | 'bioes';

/** Returns the cells of a line, which tabs separate if it has any, and else white space. */
export function cellsOf(line: string): string[] {
  return line.includes('\t') ? line.split('\t').map((cell) => cell.trim()) : line.trim().split(/\s+/);
}

/** Whether a line stands between two sentences: it is blank, or the mark of a document. */
export function isBetween(line: string): boolean {
  return line.trim() === '' || /^-DOCSTART-(\s|$)/.test(line);
}

/** Whether a line before the first word of a sentence is a comment. A word may be # too, but it has a tag. */
export function isComment(line: string, { tag }: ConllOptions): boolean {
  return line.startsWith('#') && !isTag(convertTag(cellsOf(line).at(tag === 'last' ? -1 : 0)!));
}

export function wordAndTag(cells: readonly string[], { tag, word }: ConllOptions): [word: string, tag: string] {
  const at = word === undefined ? (tag === 'first' ? 1 : 0) : word - 1;
  return [cells[at] ?? '', cells.at(tag === 'last' ? -1 : 0)!];
}

const PREFIXES: Readonly<Record<string, string>> = { S: 'B', U: 'B', E: 'I', L: 'I' };

/** Returns a tag of BIOES or BILOU in IOB2. */
export function convertTag(tag: string): string {
  return tag.replace(/^[SUEL](?=-)/, (prefix) => PREFIXES[prefix]!);
}

/** Returns the tags of a sentence in IOB2. */
export function toIob2(tags: readonly string[], scheme: Scheme): string[] {
  if (scheme === 'bioes') return tags.map(convertTag);
  if (scheme === 'iob2') return [...tags];
  return tags.map((tag, index) => {
    const continues = index > 0 && tags[index - 1]!.slice(2) === tag.slice(2);
    return tag.startsWith('I-') && !continues ? `B-${tag.slice(2)}` : tag;
  });
}
