/** In one pass, as a pattern for what is at the end is not: a hostile cell may hold millions of them. */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end--;
  return text.slice(0, end);
}
