import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RecordFile } from '@tracebloc/ingestor-contract';

export interface IndexedFile {
  file: RecordFile;
  /** The first row that names it. */
  row: number;
}

/** Finds files with equal content. A file is read only if another one has the same size. */
export class FileIndex {
  /** The files that are not read yet, by size. */
  readonly #unread = new Map<number, IndexedFile[]>();
  /** The first file with each content, by sha256, among the files that were read. */
  readonly #read = new Map<string, IndexedFile>();
  readonly #sizes = new Set<number>();

  async add(file: RecordFile, row: number): Promise<void> {
    const size = await sizeOf(file);
    this.#sizes.add(size);
    if (file.content) {
      const digest = await digestOf(file);
      if (!this.#read.has(digest)) this.#read.set(digest, { file: { ...file, content: undefined }, row });
      return;
    }
    const others = this.#unread.get(size);
    if (others) others.push({ file, row });
    else this.#unread.set(size, [{ file, row }]);
  }

  /** Returns the first added file that has the same bytes, or `undefined`. */
  async find(file: RecordFile): Promise<IndexedFile | undefined> {
    const size = await sizeOf(file);
    if (!this.#sizes.has(size)) return undefined;
    for (const candidate of this.#unread.get(size) ?? []) {
      const digest = await digestOf(candidate.file);
      if (!this.#read.has(digest)) this.#read.set(digest, candidate);
    }
    this.#unread.delete(size);
    return this.#read.get(await digestOf(file));
  }
}

/** A file that has its content was made, and is not on disk. */
async function sizeOf({ source, content }: RecordFile): Promise<number> {
  return content ? content.length : (await stat(source)).size;
}

async function digestOf({ source, content }: RecordFile): Promise<string> {
  const hash = createHash('sha256');
  if (content) return hash.update(content).digest('base64');
  for await (const chunk of createReadStream(source)) hash.update(chunk as Uint8Array);
  return hash.digest('base64');
}
