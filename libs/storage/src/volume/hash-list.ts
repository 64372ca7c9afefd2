import { constants } from 'node:fs';
import { appendFile, open, rename, writeFile } from 'node:fs/promises';
import { LineSplitter } from '@tracebloc/ingestor-core';
import { hashText } from '../checksums/cell-hash.js';
import { MODULUS, type ColumnChecksum } from '../checksums/column-checksums.js';
import { unless } from './own-folders.js';

export interface HashedFile {
  /** The file's name in the dataset's folder. */
  name: string;
  /** The sha256 in hexadecimal. */
  digest: string;
}

/** Sums the lines of a list in any order: their number, and their hashes modulo 2^52. */
export class ListChecksum {
  #files = 0;
  #sum = 0;

  add(line: string): void {
    this.#files++;
    this.#sum = (this.#sum + (hashText(line, 0) >>> 0)) % MODULUS;
  }

  get result(): ColumnChecksum {
    return [this.#files, this.#sum];
  }
}

/**
 * Writes a list of files and their hashes in the format of `sha256sum`, so that `sha256sum -c` can check the dataset's
 * folder. The list is moved to its place when it is complete. Its lines have no order.
 */
export class HashListWriter {
  readonly #checksum = new ListChecksum();
  #text = '';

  private constructor(
    private readonly partial: string,
    private readonly path: () => Promise<string>,
  ) {}

  /** `path` is called when the list is complete, and returns its path. */
  static async open(partial: string, path: () => Promise<string>): Promise<HashListWriter> {
    await writeFile(partial, '', { flag: 'wx' });
    return new HashListWriter(partial, path);
  }

  add({ name, digest }: HashedFile): void {
    // A name with a line break is escaped; the line then begins with a backslash.
    const line = /[\n\r]/.test(name) ? `\\${digest}  ${escape(name)}` : `${digest}  ${name}`;
    this.#checksum.add(line);
    this.#text += `${line}\n`;
  }

  /** Writes the added lines. Wait for it before calling it again. */
  async flush(): Promise<void> {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
    await appendFile(this.partial, text, { flag });
  }

  /** Writes the rest and moves the list to its place. */
  async complete(): Promise<ColumnChecksum> {
    await this.flush();
    await rename(this.partial, await this.path());
    return this.#checksum.result;
  }
}

const LINE = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s;

/** The limit of a line; a longer one ends the reading. */
const MOST_CHARACTERS = 4096;

/**
 * Yields the files of a list, several at a time. It leaves invalid lines out, which the checksum reveals. A path that is not a regular
 * file, such as a link or a pipe, is read as an empty list.
 */
export async function* readHashList(path: string, checksum: ListChecksum): AsyncGenerator<HashedFile[], void> {
  for await (const lines of linesOf(path)) {
    const files: HashedFile[] = [];
    for (const line of lines) {
      checksum.add(line);
      if (line.length > MOST_CHARACTERS) {
        yield files;
        return;
      }
      const [, isEscaped, digest, name] = LINE.exec(line) ?? [];
      // Files outside of the dataset's folder are never read.
      if (digest && name && !name.includes('/')) files.push({ digest, name: isEscaped ? unescape(name) : name });
    }
    yield files;
  }
}

/** Yields the lines of each piece that is read. Only a line feed ends a line: a name may contain Unicode's other line breaks. */
async function* linesOf(path: string): AsyncGenerator<Iterable<string>, void> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(unless('ELOOP', 'ENXIO', 'ENOENT'));
  if (!(await file?.stat())?.isFile()) {
    await file?.close();
    return;
  }
  const splitter = new LineSplitter();
  for await (const text of file!.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>) {
    yield splitter.push(text);
    if (splitter.pending > MOST_CHARACTERS) break;
  }
  const rest = splitter.end();
  if (rest !== '') yield [rest];
}

const escape = (name: string): string => name.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
const unescape = (name: string): string => name.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
