import { hash } from 'node:crypto';
import { constants, lstatSync, statSync } from 'node:fs';
import { copyFile, lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import { folderEntries, VolumeSpeed } from '@tracebloc/ingestor-core';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { guardVolume } from './errors.js';
import { HashListWriter } from './hash-list.js';
import { removeTree } from './own-folders.js';
import { copySmall, SMALL } from './small-file.js';
import { SmallFileWriter } from './small-file-writer.js';
import { cloneFile, copyHashing, readHashing, withFile, type OpenFile } from './source-file.js';

/** Simultaneous transfers: enough to keep a volume busy, and few enough that they need little memory. */
const MOST_PENDING = 16;

/**
 * A run's staging folder. A small file whose bytes a task has read is written under its own name; if the process is killed meanwhile, the
 * next one sees by its size that it is incomplete. Every other file is first written under another name and then renamed. A copy shares
 * the source's blocks if the volume supports this. The sha256 of every source is written to a list, so that the copy can be
 * compared with it.
 */
export class FileStaging {
  readonly #pending = new Set<Promise<void>>();
  #failure: Error | undefined;
  #serial = 0;
  /** Whether the volume shares blocks; undefined if it is not known yet. */
  #sharesBlocks: boolean | undefined;
  readonly #speed = new VolumeSpeed();
  readonly #writer: SmallFileWriter;

  private constructor(
    private readonly folder: string,
    private readonly partial: string,
    private readonly storage: string,
    /** Maps a target to false if an earlier process of the run copied it, and to true if this one handles it. */
    private readonly targets: Map<string, boolean>,
    private readonly hashes: HashListWriter,
  ) {
    this.#writer = new SmallFileWriter(folder, this.#speed, {
      onWritten: (file) => this.hashes.add(file),
      onRefused: (files) => this.#keep(this.#transferAll(files)),
    });
  }

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
    for await (const entries of folderEntries(folder)) {
      for (const entry of entries) if (entry.isFile()) targets.set(entry.name, false);
    }
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
      const { target, bytes } = file;
      const found = this.targets.get(target);
      if (found === true) continue;
      refusePath(target);
      this.targets.set(target, true);
      const isPresent = found === false && this.#isWhole(file);
      if (isPresent && bytes) this.hashes.add({ name: target, digest: hash('sha256', bytes) });
      else if (!isPresent && this.#isQuick(file)) this.#keep(this.#writer.add(file, file.bytes!));
      else if (!this.#copySmall(file, isPresent)) this.#keep(this.#transfer(file, isPresent));
    }
    return this.#pending.size < MOST_PENDING ? undefined : Promise.race(this.#pending);
  }

  /** Makes later calls wait for work, and throw its failure. */
  #keep(work: Promise<void> | undefined): void {
    if (!work) return;
    const kept = work.then(
      () => void this.#pending.delete(kept),
      (error: unknown) => {
        this.#pending.delete(kept);
        this.#failure ??= error as Error;
      },
    );
    this.#pending.add(kept);
  }

  /** Whether the file's bytes can be written immediately. Copies that share blocks need no space, whatever their size. */
  #isQuick({ bytes }: RecordFile): boolean {
    return bytes !== undefined && bytes.length <= SMALL && this.#sharesBlocks === false;
  }

  /** Whether a copy of an earlier process is complete. Only small files can be incomplete. */
  #isWhole({ source, target, content, bytes }: RecordFile): boolean {
    if (content) return true;
    try {
      const { size } = lstatSync(join(this.folder, target));
      return size > SMALL || size === (bytes?.length ?? statSync(source).size);
    } catch {
      return false;
    }
  }

  /** Resolves when all added files are copied. Throws an `IngestorError` if one could not be copied. */
  async drain(): Promise<void> {
    this.#keep(this.#writer.flush());
    // What could not be written by synchronous calls is copied later.
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#failure) throw this.#failure;
    await guardVolume(this.storage, () => this.hashes.flush());
  }

  /** Waits for all files, then moves the list of hashes to its place. */
  async complete(): Promise<ColumnChecksum> {
    await this.drain();
    return guardVolume(this.storage, () => this.hashes.complete());
  }

  /** Ends the thread that writes small files, if there is one. */
  close(): Promise<void> {
    return this.#writer.close();
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

  async #transferAll(files: readonly RecordFile[]): Promise<void> {
    for (let index = 0; index < files.length; index += MOST_PENDING) {
      await Promise.all(files.slice(index, index + MOST_PENDING).map((file) => this.#transfer(file, false)));
    }
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
