/** Characters of a name that are shown; the names of columns and files that are meant are shorter. */
const MOST_CHARACTERS = 80;

/** `a`, `a and b`, `a, b and c`; of more names than `most` the first ones and the number left out. Long names are cut. */
export function listNames(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map(shortenName);
  if (names.length > most) return `${shown.join(', ')} and ${names.length - most} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}

/** A name as messages show it: a long one is cut, with an ellipsis. */
export function shortenName(name: string): string {
  if (name.length <= MOST_CHARACTERS) return name;
  // Half of a surrogate pair would not print.
  const start = name.slice(0, MOST_CHARACTERS - 1).toWellFormed();
  return `${start.replace(/\ufffd$/, '')}…`;
}
