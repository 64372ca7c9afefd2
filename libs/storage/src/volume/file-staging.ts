import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, opendir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { guardVolume } from './errors.js';
import { HashListWriter } from './hash-list.js';
import { removeTree } from './own-folders.js';
import { copySmall } from './small-file.js';
import { cloneFile, copyHashing, readHashing, withFile, type OpenFile } from './source-file.js';

/** Simultaneous transfers: enough to keep a volume busy, and few enough that they need little memory. */
const MOST_PENDING = 16;

/**
 * A run's staging folder. A file is first written under another name and then renamed, so that a file with the right name is
 * complete. A copy shares the source's blocks if the volume supports this. The sha256 of every source is written to a list,
 * so that the copy can be compared with it.
 */
export class FileStaging {
  readonly #pending = new Set<Promise<void>>();
  #failure: Error | undefined;
  #serial = 0;
  /** Whether the volume shares blocks; undefined if it is not known yet. */
  #sharesBlocks: boolean | undefined;
  readonly #speed = new VolumeSpeed();

  private constructor(
    private readonly folder: string,
    private readonly partial: string,
    private readonly storage: string,
    /** Maps a target to false if an earlier process of the run copied it, and to true if this one handles it. */
    private readonly targets: Map<string, boolean>,
    private readonly hashes: HashListWriter,
  ) {}

  /**
   * `folder` and the parent of `partial` exist. When the list of hashes is complete, `list` creates its folder and returns
   * the list's path.
   */
  static async open(
    folder: string,
    partial: string,
    list: () => Promise<string>,
    storage: string,
  ): Promise<FileStaging> {
    await removeTree(partial);
    await mkdir(partial);
    const hashes = await HashListWriter.open(join(partial, 'hashes'), list);
    const targets = new Map<string, boolean>();
    // Anything else, such as a link that somebody planted, is replaced by the file.
    for await (const entry of await opendir(folder, { bufferSize: 256 }))
      if (entry.isFile()) targets.set(entry.name, false);
    return new FileStaging(folder, partial, storage, targets, hashes);
  }

  /** Returns the bytes that earlier processes copied. */
  async size(): Promise<number> {
    let bytes = 0;
    for (const name of this.targets.keys()) bytes += (await lstat(join(this.folder, name))).size;
    return bytes;
  }

  /** Whether copies of this file need no space, because the volume shares blocks. */
  async sharesBlocks(source: string): Promise<boolean> {
    const probe = join(this.partial, 'probe');
    try {
      await copyFile(source, probe, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
      return true;
    } catch {
      return false;
    } finally {
      await removeTree(probe);
    }
  }

  /**
   * Begins to copy the files that are missing, and to read the sources of the others again; each target once. Returns a
   * promise if the caller should wait before it adds more. Errors are thrown by the next call or by `drain`.
   */
  add(files: readonly RecordFile[]): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    for (const file of files) {
      const present = this.targets.get(file.target);
      if (present === true) continue;
      refusePath(file.target);
      this.targets.set(file.target, true);
      if (this.#copySmall(file, present === false)) continue;
      const transfer = this.#transfer(file, present === false).then(
        () => void this.#pending.delete(transfer),
        (error: unknown) => {
          this.#pending.delete(transfer);
          this.#failure ??= error as Error;
        },
      );
      this.#pending.add(transfer);
    }
    return this.#pending.size < MOST_PENDING ? undefined : Promise.race(this.#pending);
  }

  /** Resolves when all added files are copied. Throws an `IngestorError` if one could not be copied. */
  async drain(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure) throw this.#failure;
    await guardVolume(this.storage, () => this.hashes.flush());
  }

  /** Waits for all files, then moves the list of hashes to its place. */
  async complete(): Promise<ColumnChecksum> {
    await this.drain();
    return guardVolume(this.storage, () => this.hashes.complete());
  }

  /** Copies a file with synchronous calls. Returns false for a file that is not small or on a slow volume. */
  #copySmall(file: RecordFile, isPresent: boolean): boolean {
    const { content, target } = file;
    // Copies that share blocks need no space, whatever their size.
    if (!isPresent && !content && this.#sharesBlocks !== false) return false;
    const paths = isPresent ? undefined : ([this.#nextPartial(), join(this.folder, target)] as const);
    const digest = this.#speed.run(() => copySmall(file, paths));
    if (digest === undefined) return false;
    this.hashes.add({ name: target, digest });
    return true;
  }

  #nextPartial(): string {
    return join(this.partial, String(this.#serial++));
  }

  async #transfer(file: RecordFile, isPresent: boolean): Promise<void> {
    const { source, target, content, within } = file;
    const partial = isPresent ? undefined : this.#nextPartial();
    await guardVolume(
      this.storage,
      async () => {
        // The source is checked also if the content was derived from it, so that it is not another file's.
        const bring = (opened: OpenFile) => (content ? this.#write(content, partial) : this.#copy(opened, partial));
        const digest =
          content && within === undefined ? await this.#write(content, partial) : await withFile(source, within, bring);
        if (partial) await rename(partial, join(this.folder, target));
        this.hashes.add({ name: target, digest });
      },
      source,
    );
  }

  async #write(content: Uint8Array, partial: string | undefined): Promise<string> {
    if (partial) await writeFile(partial, content, { flag: 'wx' });
    return hash('sha256', content);
  }

  async #copy(file: OpenFile, partial: string | undefined): Promise<string> {
    if (!partial || (await this.#clone(file, partial))) return (await readHashing(file)).digest;
    return copyHashing(file, partial);
  }

  /** Returns whether the volume could clone the file. The answer is the same for all files of a run. */
  async #clone(file: OpenFile, partial: string): Promise<boolean> {
    if (this.#sharesBlocks === false) return false;
    this.#sharesBlocks = await cloneFile(file, partial).then(
      () => true,
      () => false,
    );
    if (!this.#sharesBlocks) await removeTree(partial);
    return this.#sharesBlocks;
  }
}

/** Throws for a plugin's mistake. Names from users are checked when they are read. */
function refusePath(target: string): void {
  if (/[/\\\0]/.test(target) || ['', '.', '..'].includes(target)) {
    throw new TypeError(`A record's file has the target ${JSON.stringify(target)}, which is not a plain file name.`);
  }
}
