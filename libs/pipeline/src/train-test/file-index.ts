import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RecordFile } from '@tracebloc/ingestor-contract';

/** A record's file. */
export interface IndexedFile {
  file: RecordFile;
  /** The first row that names it. */
  row: number;
}

/** Files by their content. Only files of a size that another has are read. */
export class FileIndex {
  /** Those not read yet, by size. */
  readonly #unread = new Map<number, IndexedFile[]>();
  /** The first of each content, by sha256; as many as were compared. */
  readonly #read = new Map<string, IndexedFile>();
  readonly #sizes = new Set<number>();

  async add(file: RecordFile, row: number): Promise<void> {
    const { size } = await stat(file.source);
    this.#sizes.add(size);
    const others = this.#unread.get(size);
    if (others) others.push({ file, row });
    else this.#unread.set(size, [{ file, row }]);
  }

  /** The first file that was added with the bytes of this one. */
  async find(file: RecordFile): Promise<IndexedFile | undefined> {
    const { size } = await stat(file.source);
    if (!this.#sizes.has(size)) return undefined;
    for (const candidate of this.#unread.get(size) ?? []) {
      const digest = await digestOf(candidate.file);
      if (!this.#read.has(digest)) this.#read.set(digest, candidate);
    }
    this.#unread.delete(size);
    return this.#read.get(await digestOf(file));
  }
}

async function digestOf({ source }: RecordFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(source)) hash.update(chunk as Uint8Array);
  return hash.digest('base64');
}
