/**
 * What moves a terminal's cursor or writes its clipboard (C0, DEL, C1), turns the order of what is read around, or cannot be
 * written as UTF-8. Tabs and line feeds are layout.
 */
const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const LAYOUT = /[\t\n]/g;

/**
 * The text as it may be shown on a terminal, wherever it comes from: what is unsafe becomes a visible escape, `\u001b`. Line
 * feeds and tabs stay. JSON stays JSON of the same value. Repeating it changes nothing.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same on one line, for a value amid text of ours: it can begin no line of its own. */
export function printableLine(text: string): string {
  return printable(text.replace(LAYOUT, (character) => (character === '\n' ? '\\n' : '\\t')));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
