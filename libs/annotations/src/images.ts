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
