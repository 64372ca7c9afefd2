import { constants, type Dirent, statSync } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Report, SourceFile, SourceFolder } from '@tracebloc/ingestor-contract';
import { checkInput, type IngestorError, listNames, UnusableInput, type VolumeSpeed } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import type { FindingDetails } from '../findings/catalogue.js';
import { type DatasetFindingCode, makeFinding, reportFinding } from '../findings/findings.js';
import { extensionOf, isShort, isUnsafe, keyOf, MAX_NAME, stemOf } from './file-names.js';
import { holdFolder, readHeld } from './held-folder.js';
import { NumberedEntries } from './numbered-entries.js';
import { speedOf } from './small-file.js';

/** The most file names that one finding lists. */
const MAX_LISTED = 10;

/** A file of a sidecar folder. */
export interface SidecarFile {
  /**
   * The name without the extension, in composed form (NFC), as in the table's `filename`. So a file and its partner have the
   * same stem even if different systems wrote them.
   */
  stem: string;
  /** The extension in lower case, with the dot, as in the table's `extension`. */
  extension: string;
  /** The names of the folder and the file, as findings show them. */
  shown: string;
  /** The absolute path, or, if the file is made, the path that identifies it. */
  path: string;
  /** The real path of the folder that must contain the file; see `RecordFile.within`. */
  within?: string;
  /** In bytes; 0 if the file is made. */
  size: number;
  /** Makes the bytes of a file that is not on disk. */
  make?: () => Promise<Uint8Array>;
  /** Whether an earlier row named the file. */
  repeated: boolean;
}

/** Files of other extensions that a task can convert, so that they are stored with the extension of the dataset. */
export interface ConvertibleFiles {
  /** In lower case, with the dot. */
  extensions: readonly string[];
  /** Whether it converts them. If not, a row that names one is an error, whose fix says how to have it converted. */
  isOn: boolean;
  fix: string;
}

/** Where a file is named, and where findings about it go. */
export interface FileReference {
  report: Report;
  file: string;
  row?: number;
  column?: string;
}

/** An entry of the folder. */
export interface Entry {
  /** The name as it is in the folder. */
  name: string;
  /** `other` is a folder or a socket, for example. */
  kind: 'file' | 'link' | 'other';
  /** The file, if a data layout gives it. */
  given?: SourceFile;
  /** Whether a row has named the entry. */
  named: boolean;
  /** The name of another entry that would be stored under the same name. */
  twin?: string;
}

/** The entries of a folder in the order of their names. A key is that of `keyOf` of the name. */
export interface Entries {
  get(key: string): Entry | undefined;
  values(): Iterable<Entry>;
}

/** Why a file cannot be used. */
interface Problem extends FindingDetails {
  code: DatasetFindingCode;
}

/**
 * A folder whose files are named by the rows of a manifest, with or without their extension. It is listed once, without
 * hidden files. Names match regardless of how accents are encoded and of the case of the extension. It reports names that
 * would leave the folder; files that are missing, empty, unreadable, not regular or of another extension; two files that
 * would be stored under the same name; and, at the end, files that no row named.
 */
export class SidecarFolder {
  readonly #entries: Entries;
  readonly #speed: VolumeSpeed;
  /** The extensions of the files that rows may name, that of the dataset first. */
  readonly #accepted: ReadonlySet<string>;

  private constructor(
    /** The name of the folder, as findings show it. */
    readonly name: string,
    /** The path of the folder. It is absent if a data layout gives the files. */
    readonly path: string | undefined,
    /** The path of the folder after links are resolved, or an empty one. */
    private readonly realPath: string,
    /** The extension of all files that rows name, in lower case, with the dot. */
    readonly extension: string,
    entries: Entries,
    private readonly convertible: ConvertibleFiles | undefined,
  ) {
    this.#accepted = new Set([extension, ...(convertible?.isOn ? convertible.extensions : [])]);
    this.#speed = speedOf(realPath);
    if (path !== undefined) holdFolder(realPath);
    this.#entries = entries;
    if (convertible?.isOn) this.#findTwins();
  }

  /**
   * Lists a folder. Throws an `IngestorError` if that fails. `convertible` are the files of other extensions that rows may name
   * if the task converts them.
   */
  static async open(
    folder: string | SourceFolder,
    extension: string,
    convertible?: ConvertibleFiles,
  ): Promise<SidecarFolder> {
    if (typeof folder !== 'string') {
      const { numbered } = folder;
      const entries = numbered
        ? new NumberedEntries(numbered)
        : byKey(Array.from(folder.files, (given): Entry => ({ name: given.name, kind: 'file', given, named: false })));
      return new SidecarFolder(folder.name, undefined, '', extension.toLowerCase(), entries, convertible);
    }
    const path = folder;
    const [realPath, found] = await listFolder(path).catch((cause: unknown) => {
      throw folderUnreadable(path, cause);
    });
    const entries = found
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry): Entry => {
        const kind = entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other';
        return { name: entry.name, kind, named: false };
      });
    return new SidecarFolder(basename(path), path, realPath, extension.toLowerCase(), byKey(entries), convertible);
  }

  /** Returns the file that a row names. If the file cannot be used, reports why and returns `undefined`. */
  async find(named: string, { report, file, row, column }: FileReference): Promise<SidecarFile | undefined> {
    const reportProblem = ({ code, ...details }: Problem): void => {
      reportFinding(report, code, () => ({ file, row, column, value: named, ...details }));
    };
    const entry = this.#lookUp(named);
    if ('code' in entry) {
      reportProblem(entry);
      return undefined;
    }
    // It is marked before anything is awaited, because another row that names the same file may be processed meanwhile.
    const repeated = entry.named;
    entry.named = true;
    const size = await this.#measure(entry);
    if (typeof size !== 'number') {
      reportProblem(size);
      return undefined;
    }
    const found = this.#fileOf(entry, size, repeated);
    if (size > 0 || found.make) return found;
    if (!repeated) {
      reportFinding(report, 'zero-byte-file', () => ({ message: 'The file has no bytes.', file: found.shown }));
    }
    return undefined;
  }

  #fileOf(entry: Entry, size: number, repeated: boolean): SidecarFile {
    const { name, given } = entry;
    const { extension } = this;
    const stem = stemOf(name).normalize();
    const shown = given?.shown ?? `${this.name}/${name}`;
    const within = given ? given.within : this.realPath;
    let made: Promise<Uint8Array> | undefined;
    const make = given?.make && (() => (made ??= given.make!()));
    return { stem, extension, shown, path: this.#pathOf(entry), within, size, repeated, make };
  }

  /**
   * Returns the small file that a row names, and passes its bytes to `isFine`, which must return true. They are valid only during that
   * call. Returns `undefined` for every other file, and for one that an earlier row named: `find` says what is wrong, if anything.
   */
  findFine(named: string, isFine: (bytes: Buffer) => boolean): SidecarFile | undefined {
    const entry = this.#lookUp(named);
    if ('code' in entry || entry.named || entry.given || entry.kind !== 'file' || !isStorable(entry)) return undefined;
    if (!this.#accepted.has(extensionOf(entry.name))) return undefined;
    const bytes = readHeld(this.realPath, entry.name);
    if (!bytes || bytes.length === 0 || !isFine(bytes)) return undefined;
    entry.named = true;
    return this.#fileOf(entry, bytes.length, false);
  }

  /**
   * Marks a file as named without examining it, for a row that another process stores. Returns whether an earlier row named
   * the file, and its stem, or `undefined` if there is no such file.
   */
  mark(named: string): Pick<SidecarFile, 'repeated' | 'stem'> | undefined {
    const entry = this.#lookUp(named);
    if ('code' in entry) return undefined;
    const repeated = entry.named;
    entry.named = true;
    return { repeated, stem: stemOf(entry.name).normalize() };
  }

  /** Whether there is a file with this stem. */
  has(stem: string): boolean {
    return this.#find(stem) !== undefined;
  }

  /**
   * Reports the files that no row named in one warning. Must be called after the last row. `elsewhere` are names in other
   * manifests, whose files are in this folder too. It is read only if files are left.
   */
  async reportUnnamed(report: Report, elsewhere?: AsyncIterable<string>): Promise<void> {
    if (this.#unnamed().names.length === 0) return;
    if (elsewhere) for await (const name of elsewhere) this.mark(name);
    const { names: unnamed, files } = this.#unnamed();
    if (unnamed.length === 0) return;
    const names = listNames(unnamed, MAX_LISTED);
    const message = `${unnamed.length} of ${files} files are not named by any row, so they are not used: ${names}.`;
    report.add(makeFinding('unnamed-file', { message, file: `${this.name}/` }));
  }

  /** Returns the names of the files that no row has named, and the number of all files. */
  #unnamed(): { names: string[]; files: number } {
    const names: string[] = [];
    let files = 0;
    for (const { name, kind, named } of this.#entries.values()) {
      if (kind === 'other') continue;
      files++;
      if (!named) names.push(name);
    }
    return { names, files };
  }

  /**
   * Reports every file with this folder's extension that has no partner in another folder. Partners have the same stem before what
   * the names of each folder end in, such as `_mask`.
   */
  reportUnpaired(
    other: SidecarFolder,
    report: Report,
    ends: { own: string; other: string } = { own: '', other: '' },
  ): void {
    for (const { name, kind } of this.#entries.values()) {
      const stem = stemOf(name);
      if (kind === 'other' || !this.#accepted.has(extensionOf(name))) continue;
      const base = stem.endsWith(ends.own) ? stem.slice(0, stem.length - ends.own.length) : undefined;
      if (base !== undefined && other.has(base + ends.other)) continue;
      reportFinding(report, 'unpaired-file', () => {
        const place = { message: `The file has no partner in ${other.name}/.`, file: `${this.name}/${name}` };
        if (base === undefined && other.has(stem + ends.other)) {
          const expected = `${this.name}/${stem}${ends.own}${this.extension}`;
          return { ...place, expected, fix: `Rename the file to ${basename(expected)}, which its partner expects.` };
        }
        const expected = `${other.name}/${base ?? '<name>'}${ends.other}${other.extension}`;
        const isMisnamed = base !== undefined && ends.other !== '' && other.has(base);
        return { ...place, expected, ...(isMisnamed && { fix: `Rename the partner to ${basename(expected)}.` }) };
      });
    }
  }

  /** Returns the entry that a row names, or the reason why there is none. */
  #lookUp(named: string): Entry | Problem {
    if (named.trim() === '') return { code: 'missing-filename', message: 'The row names no file.' };
    if (isUnsafe(named)) {
      const message = 'The name leads to a place outside its folder.';
      return { code: 'unsafe-filename', message, expected: `the name of a file in ${this.name}/` };
    }
    return this.#get(named) ?? this.#get(named.trim()) ?? this.#missingProblem(named);
  }

  /** Returns the entry with this name, or else with the extension added. */
  #get(named: string): Entry | undefined {
    const asGiven = this.#accepted.has(extensionOf(named)) ? this.#entries.get(keyOf(named)) : undefined;
    return asGiven ?? this.#find(named);
  }

  /** Returns the entry with this name and one of the accepted extensions added. */
  #find(stem: string): Entry | undefined {
    for (const extension of this.#accepted) {
      const entry = this.#entries.get(keyOf(stem + extension));
      if (entry) return entry;
    }
    return undefined;
  }

  /** Marks files that differ only in their extensions, and would be stored under one name when they are converted. */
  #findTwins(): void {
    const byStem = new Map<string, Entry>();
    for (const entry of this.#entries.values()) {
      if (entry.kind === 'other' || !this.#accepted.has(extensionOf(entry.name))) continue;
      const key = keyOf(stemOf(entry.name) + this.extension);
      const first = byStem.get(key);
      if (first) [first.twin, entry.twin] = [entry.name, first.name];
      else byStem.set(key, entry);
    }
  }

  #pathOf({ name, given }: Entry): string {
    return given ? given.path : join(this.path!, name);
  }

  /** Returns the size of the file in bytes, 0 if it is made, or the reason why it cannot be used. */
  async #measure(entry: Entry): Promise<number | Problem> {
    const { name, kind, twin, given } = entry;
    if (twin !== undefined) {
      const message = `Two files would be stored under the same name: ${name} and ${twin}.`;
      return { code: 'ambiguous-filename', message, expected: 'names that differ' };
    }
    if (!isShort(name)) {
      const message = 'The name is too long in composed form (Unicode NFC), in which it would be stored.';
      return { code: 'filename-too-long', message, expected: `at most ${MAX_NAME} bytes` };
    }
    if (given?.make) return 0;
    const path = this.#pathOf(entry);
    try {
      if (given?.within !== undefined && !(await realpath(path)).startsWith(given.within + sep)) {
        const message = 'The file is a link to a place outside its folder.';
        return { code: 'unsafe-filename', message, expected: 'a file, not a link' };
      }
      if (kind === 'link' && !(await realpath(path)).startsWith(this.realPath + sep)) {
        const message = 'The name is a link to a place outside its folder.';
        return { code: 'unsafe-filename', message, expected: 'a file, not a link' };
      }
      const found = this.#speed.run(() => statSync(path)) ?? (await stat(path));
      if (!found.isFile()) {
        return { code: 'unreadable-file', message: 'The name is not a regular file.', expected: 'a regular file' };
      }
      // Most files are readable for everybody; testing that first saves a call to the volume.
      if ((found.mode & 0o444) !== 0o444) await access(path, constants.R_OK);
      return found.size;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (given && code === 'ENOENT') {
        return { code: 'missing-file', message: 'There is no such file.', value: name, expected: path };
      }
      const what = kind === 'link' ? 'The target of the link cannot be read' : 'The file cannot be read';
      return { code: 'unreadable-file', message: `${what} (${code ?? message}).`, expected: 'a readable file' };
    }
  }

  #missingProblem(named: string): Problem {
    const own = extensionOf(named);
    const known = [...KNOWN_EXTENSIONS, ...(this.convertible?.extensions ?? [])];
    const stem = known.includes(own) ? stemOf(named) : named;
    const found = [named, ...known.map((extension) => stem + extension)]
      .map((name) => this.#entries.get(keyOf(name)))
      .find((entry) => entry !== undefined);
    if (!found) {
      const note = named.startsWith('.') ? ' Hidden files are ignored.' : '';
      const message = `There is no such file in ${this.name}/.${note}`;
      return { code: 'missing-file', message, expected: `${this.name}/<name>${this.extension}` };
    }
    found.named = true;
    const expected = `the extension ${this.extension}`;
    if (this.#accepted.has(extensionOf(found.name))) {
      const message = `The row says ${own}, but the file is ${this.name}/${found.name}.`;
      return {
        code: 'wrong-extension',
        message,
        expected,
        fix: 'Write the name of the file with its real extension, or without one.',
      };
    }
    const message = `${this.name}/${found.name} does not have the extension of the dataset, ${this.extension}.`;
    const { extensions = [], fix } = this.convertible ?? {};
    return { code: 'wrong-extension', message, expected, ...(extensions.includes(extensionOf(found.name)) && { fix }) };
  }
}

/** Returns the error of a sidecar folder that does not exist or cannot be listed. */
export function folderUnreadable(path: string, cause: unknown): IngestorError {
  return DATASET_ERRORS.make('folder-unreadable', {
    message: `The folder ${path} ${cause instanceof UnusableInput ? cause.message : 'cannot be listed'}.`,
    fix: 'Check that the folder exists, and check its permissions.',
    cause,
  });
}

/** Returns entries by their keys. Of two that would be stored under the same name, the first knows the other. */
function byKey(entries: readonly Entry[]): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry.name);
    const first = found.get(key);
    if (first) first.twin = entry.name;
    else found.set(key, entry);
  }
  return found;
}

async function listFolder(path: string): Promise<[realPath: string, entries: Dirent[]]> {
  checkInput(path, 'folder');
  return Promise.all([realpath(path), readdir(path, { withFileTypes: true })]);
}

/** Warns about a file that an earlier row named. For tasks in which each row is a record. */
export function reportRepeated({ repeated, stem }: SidecarFile, { report, ...reference }: FileReference): void {
  if (!repeated) return;
  const message = 'An earlier row names the same file.';
  reportFinding(report, 'repeated-file', () => ({ message, ...reference, value: stem }));
}

/** The extensions of the files that datasets have. */
const KNOWN_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.txt', '.text', '.xml'];

/**
 * Reports every file of one folder that has no partner in the other. A partner has the stem of the file in `one` with the suffix,
 * such as `_mask`.
 */
export function checkPairs(one: SidecarFolder, other: SidecarFolder, report: Report, suffix = ''): void {
  one.reportUnpaired(other, report, { own: '', other: suffix });
  other.reportUnpaired(one, report, { own: suffix, other: '' });
}

/** Whether the entry has a name under which it alone can be stored. */
const isStorable = ({ name, twin }: Entry): boolean => twin === undefined && isShort(name);
