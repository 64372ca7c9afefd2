import { extname } from 'node:path';

/** The most characters of a value that may be the name of a file. */
const MAX_NAME = 255;
/** A column of which this many values name no file is not looked at any more. */
const PATIENCE = 1000;

/** The names of the files of a folder, as rows may write them. Of a folder of millions of files, only the stems are kept. */
export class FileNames {
  readonly #stems = new Set<string>();
  readonly #extensions = new Set<string>();

  constructor(
    readonly folder: string,
    names: Iterable<string>,
  ) {
    for (const name of names) {
      const extension = extname(name);
      this.#stems.add(name.slice(0, name.length - extension.length).normalize());
      this.#extensions.add(extension.toLowerCase());
    }
  }

  /** Whether a value is the name of a file, with or without its extension, as `SidecarFolder` matches them. */
  has(value: string): boolean {
    if (this.#stems.has(value)) return true;
    const extension = extname(value);
    if (extension !== '' && this.#extensions.has(extension.toLowerCase())) {
      return this.#stems.has(value.slice(0, value.length - extension.length).normalize());
    }
    return this.#stems.has(value.normalize());
  }
}

/** Counts, for each folder, how many cells of a column name one of its files. */
export class NamedFileCounter {
  readonly #counts: number[];
  #values = 0;
  #isOpen: boolean;

  constructor(private readonly folders: readonly FileNames[]) {
    this.#counts = folders.map(() => 0);
    this.#isOpen = folders.length > 0;
  }

  /** Adds a trimmed value. */
  add(text: string): void {
    if (!this.#isOpen) return;
    if (text.length <= MAX_NAME) {
      for (let index = 0; index < this.folders.length; index++) {
        if (this.folders[index]!.has(text)) this.#counts[index]!++;
      }
    }
    if (++this.#values === PATIENCE) this.#isOpen = this.#counts.some((count) => count > 0);
  }

  /** The counts by the names of the folders; `undefined` if no value names a file. */
  get found(): Record<string, number> | undefined {
    const found = this.folders.flatMap(({ folder }, index) =>
      this.#counts[index]! > 0 ? [[folder, this.#counts[index]!] as const] : [],
    );
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  }
}
