import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { SourceFile } from '@tracebloc/ingestor-contract';
import { stemOf } from './rows.js';

/** An image in a folder, or in a folder below it. */
export class ImageFile implements SourceFile {
  /**
   * @param root The real path of the folder.
   * @param relative The path below it, with slashes.
   */
  constructor(
    readonly name: string,
    private readonly root: string,
    readonly relative: string,
  ) {}

  get path(): string {
    return join(this.root, this.relative);
  }

  get within(): string {
    return this.root;
  }

  get shown(): string {
    return `${basename(this.root)}/${this.relative}`;
  }
}

/**
 * Returns names for files that are in several folders, from their paths. They are the files' own names, unless two would be
 * equal: then each is the path, with `_` between its parts.
 */
export function nameFiles(paths: readonly string[]): { names: string[]; areJoined: boolean } {
  const folders = new Map<string, string>();
  const areJoined = paths.some((path) => {
    const at = path.lastIndexOf('/') + 1;
    const [folder, stem] = [path.slice(0, at), stemOf(path.slice(at)).normalize()];
    const known = folders.get(stem);
    if (known === undefined) folders.set(stem, folder);
    return known !== undefined && known !== folder;
  });
  return {
    names: paths.map((path) => (areJoined ? path.replaceAll('/', '_') : path.slice(path.lastIndexOf('/') + 1))),
    areJoined,
  };
}

/** What `nameFiles` did, as a note for the user. */
export const JOINED_NOTE =
  'Files in different folders have the same name, so each file is named by its path, with _ between the folders and the name.';

/** Returns a path below a folder in its usual form, or `undefined` if it leads out of the folder or does not name a file. */
export function safePath(written: string): string | undefined {
  const parts = written.replaceAll('\\', '/').split('/');
  if (parts[0] === '' || /^[a-z][a-z0-9+.-]*:/i.test(written) || written.includes('\0')) return undefined;
  const kept = parts.filter((part) => part !== '' && part !== '.');
  if (kept.length === 0 || kept.includes('..')) return undefined;
  return kept.join('/');
}

const EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png', '.bmp', '.gif', '.tif', '.tiff', '.webp'];

/** Whether a name is that of an image. Hidden files, such as those that macOS writes beside others, are none. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && EXTENSIONS.includes(extname(name).toLowerCase());
}

/** The paths of files as they are on disk. */
export interface MatchedFiles {
  paths: string[];
  /** The number of images in the folders of the files that are not among them. */
  others: number;
}

/**
 * Finds the files that paths below a folder mean: how accents are encoded and the case of the extension need not be the same.
 * A path without a file stays as it is.
 */
export async function matchFiles(root: string, paths: readonly string[]): Promise<MatchedFiles> {
  const folders = new Map<string, Map<string, string>>();
  const matched: string[] = [];
  for (const path of paths) {
    const at = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, at);
    let names = folders.get(folder);
    if (!names) {
      const found = await readdir(join(root, folder)).catch(() => []);
      folders.set(folder, (names = new Map(found.filter(isImageName).map((name) => [keyOf(name), name]))));
    }
    const key = keyOf(path.slice(at));
    const name = names.get(key);
    matched.push(name === undefined ? path : folder + name);
    names.delete(key);
  }
  let others = 0;
  for (const names of folders.values()) others += names.size;
  return { paths: matched, others };
}

/** Names that are their own keys: in ASCII, with an extension in lower case. */
const PLAIN = /^[ -~]*\.[a-z0-9]+$/;

/** Returns a key that is equal for names that mean one file. */
function keyOf(name: string): string {
  if (PLAIN.test(name)) return name;
  const extension = extname(name);
  return name.slice(0, name.length - extension.length).normalize() + extension.toLowerCase();
}
