// Node 20, which must be able to load this for its error about the version, has no `globSync` to import by name.
import fs from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/** Whether a path may be a pattern that names several files. A file may have such a name too. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path);

/** Compares names as people count: `part-2` comes before `part-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * Returns the absolute paths of the files that a pattern names, in natural order; a relative one begins in `folder`. `*` and
 * `?` match characters of a name, `**` folders, `[ab]` and `{a,b}` choices. Files whose names begin with a point or an
 * underscore are left out, because programs write such files beside the data.
 */
export function filesOfPattern(pattern: string, folder: string): string[] {
  const found = fs.globSync(pattern, { cwd: folder, withFileTypes: true });
  const files = found.filter((entry) => !entry.isDirectory() && !/^[._]/.test(entry.name));
  return files
    .map(({ parentPath, name }) => resolve(folder, parentPath, name))
    .sort((a, b) => compare(a, b) || (a < b ? -1 : 1));
}

/** Returns the folder of a file, or the deepest one that holds all files of a pattern. */
export function folderOf(path: string): string {
  const names = dirname(path).split(sep);
  const first = names.findIndex(isPattern);
  return first === -1 ? dirname(path) : names.slice(0, first).join(sep) || sep;
}
