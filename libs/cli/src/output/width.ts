import { stripVTControlCharacters } from 'node:util';

/** Matches what every terminal shows two cells wide: East Asian wide and fullwidth characters, and most emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** Is made when it is first needed, since that takes 10 ms and most texts are plain. */
let graphemes: Intl.Segmenter | undefined;

/** Returns the number of terminal cells that the printable text takes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (!NO_WIDTH.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** Appends spaces until the text is at least `width` cells wide. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** A terminal that is narrower is treated as if it had this width. */
const MIN_WIDTH = 40;
/** The width of a terminal that does not say how wide it is. */
const USUAL_WIDTH = 80;

/** Returns the cells of a line of the terminal, or `undefined` for what is not a terminal, whose lines are not broken. */
export function terminalWidth({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number | undefined {
  return isTTY ? Math.max(MIN_WIDTH, columns || USUAL_WIDTH) : undefined;
}

/**
 * Breaks a line at spaces so that it is at most `width` cells wide, as far as its words allow. Further lines begin with
 * `indent` spaces. Colours take no cells.
 */
export function wrapText(line: string, width: number, indent: number): string {
  const lines: string[] = [];
  let current = '';
  line.split(' ').forEach((word, index) => {
    const longer = index === 0 ? word : `${current} ${word}`;
    const isBreak = current.trim() !== '' && textWidth(stripVTControlCharacters(longer).trimEnd()) > width;
    if (isBreak) lines.push(current.trimEnd());
    current = isBreak ? ' '.repeat(indent) + word : longer;
  });
  return [...lines, current].join('\n');
}
