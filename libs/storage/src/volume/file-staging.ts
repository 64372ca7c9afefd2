import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import type { ColumnChecksum } from '../checksums/column-checksums.js';
import { guardVolume } from './errors.js';
import { HashListWriter } from './hash-list.js';
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
  /** Targets that this process takes care of. */
  readonly #taken = new Set<string>();
  /** As far as it is known. */
  #sharesBlocks: boolean | undefined;

  private constructor(
    private readonly folder: string,
    private readonly partial: string,
    private readonly storage: string,
    /** What earlier processes of the run brought; the set of every target would be a copy of `#taken`. */
    private readonly present: ReadonlySet<string>,
    private readonly hashes: HashListWriter,
  ) {}

  /** `list` is where the list of hashes will be. */
  static async open(folder: string, partial: string, list: string, storage: string): Promise<FileStaging> {
    return guardVolume(storage, async () => {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await mkdir(folder, { recursive: true });
      const hashes = await HashListWriter.open(join(partial, 'hashes'), list);
      return new FileStaging(folder, partial, storage, new Set(await readdir(folder)), hashes);
    });
  }

  /** Bytes that earlier processes brought. */
  async size(): Promise<number> {
    let bytes = 0;
    for (const name of this.present) bytes += (await stat(join(this.folder, name))).size;
    return bytes;
  }

  /** Whether copies of this file take no room, since the volume shares blocks. */
  async sharesBlocks(source: string): Promise<boolean> {
    const probe = join(this.partial, 'probe');
    try {
      await copyFile(source, probe, constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch {
      return false;
    } finally {
      await rm(probe, { force: true });
    }
  }

  /**
   * Begins to bring the files that are not there yet, and to read again those that are; each target once. Gives a promise where the caller
   * should wait before it brings more. A failure comes with that promise, the next call, or `settle`.
   */
  add(files: readonly RecordFile[]): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    for (const file of files) {
      if (this.#taken.has(file.target)) continue;
      refusePath(file.target);
      this.#taken.add(file.target);
      const transfer = this.#transfer(file).then(
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

  async #transfer(file: RecordFile): Promise<void> {
    const { source, target, content, within } = file;
    const partial = this.present.has(target) ? undefined : join(this.partial, String(this.#serial++));
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
    if (partial) await writeFile(partial, content);
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
    if (!this.#sharesBlocks) await rm(partial, { force: true });
    return this.#sharesBlocks;
  }
}

/** A plugin's mistake, and not the user's: what users name is checked while it is read. */
function refusePath(target: string): void {
  if (/[/\\\0]/.test(target) || ['', '.', '..'].includes(target)) {
    throw new TypeError(`A record's file has the target ${JSON.stringify(target)}, which is no plain file name.`);
  }
}
