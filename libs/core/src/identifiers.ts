/** Characters of the longest name of a table or column; MySQL's limit (Reference Manual, "Identifier Length Limits"). */
export const MAX_IDENTIFIER_LENGTH = 64;

/** Names of tables that begin with this belong to the ingestor itself. */
export const RESERVED_PREFIX = '_ingestor_';

/** What a name of MySQL cannot hold: NUL, and characters beyond the Basic Multilingual Plane. */
const FORBIDDEN = /[\0\u{10000}-\u{10ffff}]/u;

/** Whether every character of a name may stand in a name of MySQL, MariaDB or SQLite. */
export function hasStorableCharacters(name: string): boolean {
  return !FORBIDDEN.test(name);
}

/** Whether the databases accept this name for a table or a column. MySQL's names do not end with white space. */
export function isStorableIdentifier(name: string): boolean {
  return name !== '' && name.length <= MAX_IDENTIFIER_LENGTH && hasStorableCharacters(name) && !/\s$/u.test(name);
}
