import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, opendir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { guardVolume } from './errors.js';
import { HashListWriter } from './hash-list.js';
import { removeTree } from './own-folders.js';
import { cloneFile, copyHashing, readHashing, withFile, type OpenFile } from './source-file.js';

/** Transfers under way at once: enough to keep a volume busy, few enough that their contents do not matter. */
const MOST_UNDER_WAY = 16;

/**
 * A run's staging folder. A file is written under another name first and then renamed, so that whatever bears its name
 * is whole; a copy shares the source's blocks where the volume can. The sha256 of every file's source, as it was read, goes
 * to a list, so that the copy can be compared with it.
 */
export class FileStaging {
  readonly #underWay = new Set<Promise<void>>();
  #failure: Error | undefined;
  #serial = 0;
  /** As far as it is known. */
  #sharesBlocks: boolean | undefined;

  private constructor(
    private readonly folder: string,
    private readonly partial: string,
    private readonly storage: string,
    /** Targets: false what earlier processes of the run brought, true what this one takes care of. */
    private readonly targets: Map<string, boolean>,
    private readonly hashes: HashListWriter,
  ) {}

  /**
   * `folder` and the folder of `partial` are there; `list` makes the folder of the list of hashes, when that is complete, and
   * returns its path.
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
    // In place of anything else, such as a link that somebody planted, the file is brought.
    for await (const entry of await opendir(folder, { bufferSize: 256 }))
      if (entry.isFile()) targets.set(entry.name, false);
    return new FileStaging(folder, partial, storage, targets, hashes);
  }

  /** Bytes that earlier processes brought. */
  async size(): Promise<number> {
    let bytes = 0;
    for (const name of this.targets.keys()) bytes += (await lstat(join(this.folder, name))).size;
    return bytes;
  }

  /** Whether copies of this file take no room, since the volume shares blocks. */
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
   * Begins to bring the files that are not there yet, and to read again those that are; each target once. Gives a promise where the caller
   * should wait before it brings more. A failure comes with that promise, the next call, or `settle`.
   */
  add(files: readonly RecordFile[]): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    for (const file of files) {
      const present = this.targets.get(file.target);
      if (present === true) continue;
      refusePath(file.target);
      this.targets.set(file.target, true);
      const transfer = this.#transfer(file, present === false).then(
        () => void this.#underWay.delete(transfer),
        (error: unknown) => {
          this.#underWay.delete(transfer);
          this.#failure ??= error as Error;
        },
      );
      this.#underWay.add(transfer);
    }
    return this.#underWay.size < MOST_UNDER_WAY ? undefined : Promise.race(this.#underWay);
  }

  /** Resolves when everything that was added has arrived. Throws an `IngestorError` for what did not. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure;
    await guardVolume(this.storage, () => this.hashes.flush());
  }

  /** Puts the list of hashes in its place, when everything has arrived. */
  async complete(): Promise<ColumnChecksum> {
    await this.settle();
    return guardVolume(this.storage, () => this.hashes.complete());
  }

  async #transfer(file: RecordFile, isPresent: boolean): Promise<void> {
    const { source, target, content, within } = file;
    const partial = isPresent ? undefined : join(this.partial, String(this.#serial++));
    await guardVolume(
      this.storage,
      async () => {
        // Also where the content was made from it, which is not to be that of another file.
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

  /** Whether the volume could; that of the sources may be another, and is the same for all. */
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

/** A plugin's mistake, and not the user's: what users name is checked while it is read. */
function refusePath(target: string): void {
  if (/[/\\\0]/.test(target) || ['', '.', '..'].includes(target)) {
    throw new TypeError(`A record's file has the target ${JSON.stringify(target)}, which is no plain file name.`);
  }
}
