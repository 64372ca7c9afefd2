import { constants } from 'node:fs';
import { appendFile, open, rename, writeFile } from 'node:fs/promises';
import { LineSplitter } from '@tracebloc/ingestor-core';
import { hashText } from '../checksums/cell-hash.js';
import { MODULUS, type ColumnChecksum } from '../checksums/column-checksums.js';
import { unless } from './own-folders.js';

export interface HashedFile {
  /** In the dataset's folder. */
  name: string;
  /** sha256, in hexadecimal. */
  digest: string;
}

/** Of a list, in whatever order its lines are: their number, and the sum of their hashes modulo 2^52. */
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
 * A list of files and their hashes, as `sha256sum` writes it: `sha256sum -c` takes it, in the dataset's folder. It is
 * written beside its place, and moved there when it is whole. Lines are in no order.
 */
export class HashListWriter {
  readonly #checksum = new ListChecksum();
  #text = '';

  private constructor(
    private readonly partial: string,
    private readonly path: () => Promise<string>,
  ) {}

  /** `path` is asked for the list's place when the list is whole. */
  static async open(partial: string, path: () => Promise<string>): Promise<HashListWriter> {
    await writeFile(partial, '', { flag: 'wx' });
    return new HashListWriter(partial, path);
  }

  add({ name, digest }: HashedFile): void {
    // A name that holds a line's end is escaped, which a backslash in front of the line says.
    const line = /[\n\r]/.test(name) ? `\\${digest}  ${escape(name)}` : `${digest}  ${name}`;
    this.#checksum.add(line);
    this.#text += `${line}\n`;
  }

  /** Writes what was added. Not to be called again before it has. */
  async flush(): Promise<void> {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
    await appendFile(this.partial, text, { flag });
  }

  /** Puts the list in its place. */
  async complete(): Promise<ColumnChecksum> {
    await this.flush();
    await rename(this.partial, await this.path());
    return this.#checksum.result;
  }
}

const LINE = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s;

/** Of a line, which has a hash and a name; what is longer is none, and ends the reading. */
const MOST_CHARACTERS = 4096;

/**
 * The files of a list; a line that is none is left out, which the checksum tells. What is no regular file, be it a link to
 * one, is a list without files, and is not waited for.
 */
export async function* readHashList(path: string, checksum: ListChecksum): AsyncGenerator<HashedFile, void> {
  for await (const line of linesOf(path)) {
    checksum.add(line);
    if (line.length > MOST_CHARACTERS) return;
    const [, isEscaped, digest, name] = LINE.exec(line) ?? [];
    // Nothing outside the dataset's folder is read.
    if (digest && name && !name.includes('/')) yield { digest, name: isEscaped ? unescape(name) : name };
  }
}

/** Lines end with a line feed and nothing else: a name may hold what Unicode takes for a line's end. */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(unless('ELOOP', 'ENXIO', 'ENOENT'));
  if (!(await file?.stat())?.isFile()) {
    await file?.close();
    return;
  }
  const splitter = new LineSplitter();
  for await (const text of file!.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>) {
    yield* splitter.push(text);
    if (splitter.pending > MOST_CHARACTERS) break;
  }
  const rest = splitter.end();
  if (rest !== '') yield rest;
}

const escape = (name: string): string => name.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
const unescape = (name: string): string => name.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
