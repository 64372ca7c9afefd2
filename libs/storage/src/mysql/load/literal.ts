const SPECIAL = /['\\\0]/;
const SPECIALS = /['\\\0]/g;
const ESCAPES: Record<string, string> = { "'": "''", '\\': '\\\\', '\0': '\\0' };

/** Returns an SQL literal for a session without NO_BACKSLASH_ESCAPES. */
export function literal(text: string | null): string {
  if (text === null) return 'NULL';
  return SPECIAL.test(text) ? `'${text.replace(SPECIALS, (character) => ESCAPES[character]!)}'` : `'${text}'`;
}
