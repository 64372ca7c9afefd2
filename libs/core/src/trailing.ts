/**
 * Returns the text without the given character at its end. Takes one pass; a pattern such as `/0+$/` takes quadratic time on
 * a cell that holds millions of the character elsewhere.
 */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end--;
  return text.slice(0, end);
}
