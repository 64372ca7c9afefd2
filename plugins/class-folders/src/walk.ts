import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type DataForm, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import { isImageName } from '@tracebloc/ingestor-annotations';

/** The splits, and the names of their folders. */
const SPLIT_NAMES: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  val: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
};
export const SPLITS = Object.keys(SPLIT_NAMES);

/** Folders that systems write beside the data of people. */
const SYSTEM = ['__MACOSX', '@eaDir', '$RECYCLE.BIN', 'System Volume Information'];

/** A file in the folder of a class. */
export interface ClassFile {
  /** Below the folder that was walked, with slashes. */
  path: string;
  className: string;
}

export interface Walked {
  /** Absolute. */
  root: string;
  files: readonly ClassFile[];
  /** The paths below the root of all folders, without the root. */
  folders: readonly string[];
  /** Files in the folders of classes with other extensions, and files beside these folders. */
  others: readonly string[];
  loose: readonly string[];
  /** Classes without a file. */
  empty: readonly string[];
  /** Whether a class has folders in its folder. */
  isNested: boolean;
  /** Further splits, which were not read. */
  left: readonly string[];
}

/** Returns the folders of the splits in a folder, by their splits. It is empty if its folders are those of classes. */
export async function splitsIn(root: string): Promise<Map<string, string>> {
  const folders = (await entriesOf(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const splits = SPLITS.flatMap((split): [string, string][] => {
    const folder = folders.find((name) => SPLIT_NAMES[split]!.includes(name.toLowerCase()));
    return folder === undefined ? [] : [[split, join(root, folder)]];
  });
  // A class may be called test.
  return new Map(splits.length === folders.length ? splits : []);
}

/** Lists the files of each class, in no order. Hidden files and folders are passed over. */
export async function walk({ path, form, options }: Pick<LayoutRequest, 'path' | 'form' | 'options'>): Promise<Walked> {
  const splits = await splitsIn(path);
  const wanted = options.split as string | undefined;
  if (wanted !== undefined && !splits.has(wanted)) {
    const fix = splits.size > 0 ? `Use one of ${[...splits.keys()].join(', ')}.` : 'Remove `split` from the options.';
    throw new TableError(`The folder ${path} has no split ${wanted}.`, fix);
  }
  const split = wanted ?? (splits.has('train') ? 'train' : [...splits.keys()][0]);
  const root = split === undefined ? path : splits.get(split)!;
  const walker = new Walker(root, form, options.nested === 'first');
  await walker.enter('', '');
  return { ...walker.result, root, left: [...splits.keys()].filter((name) => name !== split) };
}

class Walker {
  readonly #files: ClassFile[] = [];
  readonly #folders: string[] = [];
  readonly #others: string[] = [];
  readonly #loose: string[] = [];
  readonly #empty: string[] = [];
  #isNested = false;

  constructor(
    private readonly root: string,
    private readonly form: DataForm,
    /** Whether the first folder is the class, whatever is below it. */
    private readonly isFirst: boolean,
  ) {}

  get result(): Omit<Walked, 'root' | 'left'> {
    return {
      files: this.#files,
      folders: this.#folders,
      others: this.#others,
      loose: this.#loose,
      empty: this.#empty,
      isNested: this.#isNested,
    };
  }

  /** Lists a folder, and those below it. Returns the number of files that are read. */
  async enter(path: string, className: string): Promise<number> {
    let count = 0;
    for (const entry of await entriesOf(join(this.root, path))) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        this.#folders.push(below);
        this.#isNested ||= path !== '';
        count += await this.enter(below, this.isFirst && className !== '' ? className : below);
      } else if (!isWanted(entry.name, this.form)) {
        // Beside the folders are the configuration and notes.
        if (path !== '') this.#others.push(below);
      } else if (path === '') this.#loose.push(below);
      else {
        this.#files.push({ path: below, className });
        count++;
      }
    }
    if (count === 0 && path !== '') this.#empty.push(path);
    return count;
  }
}

/** Corpora of texts often have names without an extension. */
const TEXTS = ['.txt', '.text', ''];

/** Files that describe a folder. */
const ABOUT = /^(README|LICEN[CS]E|NOTICE|Makefile)$/i;

function isWanted(name: string, form: DataForm): boolean {
  if (form !== 'text_classes') return isImageName(name);
  return TEXTS.includes(extname(name).toLowerCase()) && !ABOUT.test(name);
}

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter(
    ({ name }) => !name.startsWith('.') && !SYSTEM.includes(name) && name !== 'Thumbs.db' && name !== 'desktop.ini',
  );
}
