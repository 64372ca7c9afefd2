/** The most characters in the name of a table or column, as MySQL's manual states under "Identifier Length Limits". */
export const MAX_IDENTIFIER_LENGTH = 64;

/** The tables whose names begin with this prefix belong to the ingestor itself. */
export const RESERVED_PREFIX = '_ingestor_';

/** A name in MySQL cannot contain NUL or a character beyond the Basic Multilingual Plane. */
const FORBIDDEN = /[\0\u{10000}-\u{10ffff}]/u;

/** Returns whether MySQL, MariaDB and SQLite all accept every character of the name. */
export function hasStorableCharacters(name: string): boolean {
  return !FORBIDDEN.test(name);
}

/** Returns whether all databases accept the name of a table or column. In MySQL a name cannot end with white space. */
export function isStorableIdentifier(name: string): boolean {
  return name !== '' && name.length <= MAX_IDENTIFIER_LENGTH && hasStorableCharacters(name) && !/\s$/u.test(name);
}
