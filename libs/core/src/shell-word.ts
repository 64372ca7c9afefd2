import { relative, resolve } from 'node:path';

/** Returns a text as one word of a shell, quoted only if it must be. For commands and flags that users may copy. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns the path of a file as a word of a shell in the working folder. `path` is absolute, or relative to that folder. */
export function shellPath(path: string): string {
  const below = relative(process.cwd(), path) || '.';
  const shown = below.startsWith('..') ? resolve(path) : below;
  // A command would take it for a flag.
  return shellWord(shown.startsWith('-') ? `./${shown}` : shown);
}
