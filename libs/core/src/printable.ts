/**
 * These characters move a terminal's cursor or write its clipboard (C0, DEL, C1), reverse the order of the text, or cannot be
 * written as UTF-8. Tabs and line feeds are not among them.
 */
const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const LAYOUT = /[\t\n]/g;

/**
 * Returns text that is safe to show on a terminal: every unsafe character becomes a visible escape such
 * as `\u001b`. Line feeds and tabs stay. JSON text keeps its value. A second call changes nothing.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** Returns safe text on one line, for a value inside a sentence: line feeds and tabs are escaped too. */
export function printableLine(text: string): string {
  return printable(text.replace(LAYOUT, (character) => (character === '\n' ? '\\n' : '\\t')));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
