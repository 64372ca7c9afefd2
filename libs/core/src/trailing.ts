/**
 * Returns the text without the given character at its end. It needs one pass, whereas a pattern such as `/0+$/` needs
 * quadratic time for a text with millions of the character elsewhere.
 */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end--;
  return text.slice(0, end);
}
