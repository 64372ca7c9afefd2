import { constants, type Dirent } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import type { Report } from '@tracebloc/ingestor-contract';
import { checkInput, type IngestorError, listNames, UnusableInput } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import type { FindingDetails } from '../findings/catalogue.js';
import { type DatasetFindingCode, makeFinding, reportFinding } from '../findings/findings.js';

/** Most file names that one finding lists. */
const MAX_LISTED = 10;

/** Bytes of a name on common volumes. Composing makes most names shorter, and some longer. */
const MAX_NAME = 255;

/** A file of a sidecar folder. */
export interface SidecarFile {
  /**
   * The name without the extension; the table's `filename`. In composed form (NFC), so that a file and its sidecar arrive
   * under one name whichever systems wrote them.
   */
  stem: string;
  /** The extension as stated in the options, lower case, with the dot; the table's `extension`. */
  extension: string;
  /** As findings show it: the folder's name and the file's. */
  shown: string;
  /** Absolute. */
  path: string;
  /** The real path of the folder that it must lie in, as `RecordFile.within`. */
  within: string;
  /** Bytes. */
  size: number;
  /** An earlier row has named it already. */
  repeated: boolean;
}

/** Where a file is named: a manifest's row and column. */
export interface FileReference {
  report: Report;
  file: string;
  row?: number;
  column?: string;
}

/** What the folder holds under a name. */
interface Entry {
  /** As it is in the folder. */
  name: string;
  /** `other` is a folder, a socket or the like. */
  kind: 'file' | 'link' | 'other';
  /** Whether a row has named it. */
  named: boolean;
  /** The name of another entry that would arrive under the same one. */
  twin?: string;
}

/** Why a file cannot be used. */
interface Problem extends FindingDetails {
  code: DatasetFindingCode;
}

/**
 * A folder whose files a manifest's rows name, with or without the extension; listed once, hidden files left out. How a
 * name writes accents and the case of its extension do not count. What is reported: names that would leave the folder,
 * files that are missing, empty, unreadable, no regular files, or of another extension, two files that would arrive
 * under one name, and, in the end, files that no row named.
 */
export class SidecarFolder {
  /** By `keyOf` the name, in the order of names. */
  readonly #entries = new Map<string, Entry>();
  /** The folder's own name, as findings show it. */
  readonly name: string;

  private constructor(
    readonly path: string,
    /** The path that the folder has when links are followed. */
    private readonly realPath: string,
    /** Of all files that rows name; lower case, with the dot. */
    readonly extension: string,
    entries: readonly Entry[],
  ) {
    this.name = basename(path);
    for (const entry of entries) {
      const key = keyOf(entry.name);
      const first = this.#entries.get(key);
      if (first) first.twin = entry.name;
      else this.#entries.set(key, entry);
    }
  }

  /** Throws an `IngestorError` when the folder cannot be listed. */
  static async open(path: string, extension: string): Promise<SidecarFolder> {
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
    return new SidecarFolder(path, realPath, extension.toLowerCase(), entries);
  }

  /** The file that a row names; nothing where it cannot be used, which is reported. */
  async find(named: string, { report, file, row, column }: FileReference): Promise<SidecarFile | undefined> {
    const tell = ({ code, ...details }: Problem): void => {
      reportFinding(report, code, () => ({ file, row, column, value: named, ...details }));
    };
    const entry = this.#lookUp(named);
    if ('code' in entry) {
      tell(entry);
      return undefined;
    }
    // Marked before anything is awaited, so that of two rows worked on at once the second knows of the first.
    const repeated = entry.named;
    entry.named = true;
    const size = await this.#measure(entry);
    if (typeof size !== 'number') {
      tell(size);
      return undefined;
    }
    const shown = `${this.name}/${entry.name}`;
    if (size > 0) {
      const stem = stemOf(entry.name).normalize();
      const path = join(this.path, entry.name);
      return { stem, extension: this.extension, shown, path, within: this.realPath, size, repeated };
    }
    if (!repeated) reportFinding(report, 'zero-byte-file', () => ({ message: 'The file has no bytes.', file: shown }));
    return undefined;
  }

  /**
   * Marks the file of a row that another process brings as named, without a look at it. Gives whether an earlier row
   * named it; nothing where there is none.
   */
  mark(named: string): Pick<SidecarFile, 'repeated'> | undefined {
    const entry = this.#lookUp(named);
    if ('code' in entry) return undefined;
    const repeated = entry.named;
    entry.named = true;
    return { repeated };
  }

  /** Whether there is a file of this stem. */
  has(stem: string): boolean {
    return this.#entries.has(keyOf(stem + this.extension));
  }

  /** Warns of the files that no row named. To be called after the last row. */
  reportUnnamed(report: Report): void {
    const files = [...this.#entries.values()].filter(({ kind }) => kind !== 'other');
    const unnamed = files.filter(({ named }) => !named);
    if (unnamed.length === 0) return;
    const names = listNames(
      unnamed.map(({ name }) => name),
      MAX_LISTED,
    );
    const message = `${unnamed.length} of ${files.length} files are named by no row, and so not used: ${names}.`;
    report.add(makeFinding('unnamed-file', { message, file: `${this.name}/` }));
  }

  /** Reports every file with this folder's extension that has no partner of the same stem in another folder. */
  reportUnpaired(other: SidecarFolder, report: Report): void {
    for (const { name, kind } of this.#entries.values()) {
      const stem = stemOf(name);
      if (kind === 'other' || extensionOf(name) !== this.extension || other.has(stem)) continue;
      reportFinding(report, 'unpaired-file', () => ({
        message: `The file has no partner in ${other.name}/.`,
        file: `${this.name}/${name}`,
        expected: `${other.name}/${stem}${other.extension}`,
      }));
    }
  }

  /** What a row names. */
  #lookUp(named: string): Entry | Problem {
    if (named.trim() === '') return { code: 'missing-filename', message: 'The row names no file.' };
    if (isUnsafe(named)) {
      const message = 'The name would lead out of its folder.';
      return { code: 'unsafe-filename', message, expected: `a file in ${this.name}/, no path` };
    }
    return this.#get(named) ?? this.#get(named.trim()) ?? this.#explainMissing(named);
  }

  /** The file of a name: as given, else with the extension added. */
  #get(named: string): Entry | undefined {
    const asGiven = extensionOf(named) === this.extension ? this.#entries.get(keyOf(named)) : undefined;
    return asGiven ?? this.#entries.get(keyOf(named + this.extension));
  }

  /** The file's size in bytes, if it is a file of this folder that can be read. */
  async #measure({ name, kind, twin }: Entry): Promise<number | Problem> {
    if (twin !== undefined) {
      const message = `Two files would arrive under one name: ${name} and ${twin}.`;
      return { code: 'ambiguous-filename', message, expected: 'names that differ' };
    }
    if (Buffer.byteLength(keyOf(name)) > MAX_NAME) {
      const message = 'The name is too long in composed form, in which it would arrive.';
      return { code: 'filename-too-long', message, expected: `at most ${MAX_NAME} bytes` };
    }
    const path = join(this.path, name);
    try {
      if (kind === 'link' && !(await realpath(path)).startsWith(this.realPath + sep)) {
        const message = 'The name is a link that leads out of its folder.';
        return { code: 'unsafe-filename', message, expected: 'a file, no link' };
      }
      const found = await stat(path);
      if (!found.isFile()) {
        return { code: 'unreadable-file', message: 'The name is no regular file.', expected: 'a regular file' };
      }
      // Most files are for everybody to read, which saves a call to the volume.
      if ((found.mode & 0o444) !== 0o444) await access(path, constants.R_OK);
      return found.size;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const what = kind === 'link' ? 'The link leads to nothing that can be read' : 'The file cannot be read';
      return { code: 'unreadable-file', message: `${what} (${code ?? message}).`, expected: 'a readable file' };
    }
  }

  #explainMissing(named: string): Problem {
    const own = extensionOf(named);
    const stem = KNOWN_EXTENSIONS.includes(own) ? stemOf(named) : named;
    const found = [named, ...KNOWN_EXTENSIONS.map((extension) => stem + extension)]
      .map((name) => this.#entries.get(keyOf(name)))
      .find((entry) => entry !== undefined);
    if (!found) {
      const note = named.startsWith('.') ? ' Hidden files are not looked at.' : '';
      const message = `There is no such file in ${this.name}/.${note}`;
      return { code: 'missing-file', message, expected: `${this.name}/<name>${this.extension}` };
    }
    found.named = true;
    const expected = `the extension ${this.extension}`;
    if (extensionOf(found.name) === this.extension) {
      const message = `The row states the extension ${own}, but the file is ${this.name}/${found.name}.`;
      return { code: 'wrong-extension', message, expected, fix: 'Name the file as it is, or without its extension.' };
    }
    const message = `${this.name}/${found.name} has another extension than the dataset's, ${this.extension}.`;
    return { code: 'wrong-extension', message, expected };
  }
}

/** The error of a sidecar folder that is not there, or may not be listed. */
export function folderUnreadable(path: string, cause: unknown): IngestorError {
  return DATASET_ERRORS.make('folder-unreadable', {
    message: `The folder ${path} ${cause instanceof UnusableInput ? cause.message : 'cannot be listed'}.`,
    fix: 'Check that it is there, and its permissions.',
    cause,
  });
}

/** A folder's real path, and what it holds. */
async function listFolder(path: string): Promise<[realPath: string, entries: Dirent[]]> {
  checkInput(path, 'folder');
  return Promise.all([realpath(path), readdir(path, { withFileTypes: true })]);
}

/** Warns of a file that several rows name, where each row is a record. */
export function reportRepeated({ repeated, stem }: SidecarFile, { report, ...place }: FileReference): void {
  if (!repeated) return;
  const message = 'An earlier row names the same file.';
  reportFinding(report, 'repeated-file', () => ({ message, ...place, value: stem }));
}

/** Extensions of the files that datasets bring. */
const KNOWN_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.txt', '.text', '.xml'];

/** Reports every file of one folder that has no partner of the same stem in the other. */
export function checkPairs(one: SidecarFolder, other: SidecarFolder, report: Report): void {
  one.reportUnpaired(other, report);
  other.reportUnpaired(one, report);
}

const extensionOf = (name: string): string => extname(name).toLowerCase();
const stemOf = (name: string): string => name.slice(0, name.length - extname(name).length);

/** Equal for names that would arrive as one; the name itself where it can be, so that a large folder's are held once. */
function keyOf(name: string): string {
  const key = stemOf(name).normalize() + extensionOf(name);
  return key === name ? name : key;
}

/** Whether a name is more than the name of one file. */
function isUnsafe(name: string): boolean {
  return /[/\\\0]/.test(name) || name === '.' || name === '..';
}
