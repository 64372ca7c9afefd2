/** The most characters of a name that a message shows. */
const MAX_CHARACTERS = 80;

/**
 * Returns `a`, `a and b` or `a, b and c`. Of more than `most` names it lists the first and counts the others. Long names are
 * cut.
 */
export function listNames(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map(shortenName);
  if (names.length > most) return `${shown.join(', ')} and ${names.length - most} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}

/** Cuts a long name and adds an ellipsis, for messages. */
export function shortenName(name: string): string {
  if (name.length <= MAX_CHARACTERS) return name;
  // Half of a surrogate pair would not print.
  const start = name.slice(0, MAX_CHARACTERS - 1).toWellFormed();
  return `${start.replace(/\ufffd$/, '')}…`;
}
