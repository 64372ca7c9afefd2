import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import { guardVolume } from './errors.js';

/** Transfers under way at once: enough to keep a volume busy, few enough that their contents do not matter. */
const MOST_UNDER_WAY = 16;

/**
 * A run's staging folder. A file is written under another name first and then renamed, so that whatever bears its name
 * is whole; a copy shares the source's blocks where the volume can.
 */
export class FileStaging {
  readonly #underWay = new Set<Promise<void>>();
  #failure: Error | undefined;
  #serial = 0;

  private constructor(
    private readonly folder: string,
    private readonly partial: string,
    private readonly storage: string,
    private readonly present: Set<string>,
  ) {}

  static async open(folder: string, partial: string, storage: string): Promise<FileStaging> {
    return guardVolume(storage, async () => {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await mkdir(folder, { recursive: true });
      return new FileStaging(folder, partial, storage, new Set(await readdir(folder)));
    });
  }

  /** Bytes that have arrived. */
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
   * Begins to bring the files that are not there yet; each target is brought once. Gives a promise where the caller
   * should wait before it brings more. A failure comes with that promise, the next call, or `settle`.
   */
  add(files: readonly RecordFile[]): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    for (const file of files) {
      if (this.present.has(file.target)) continue;
      refusePath(file.target);
      this.present.add(file.target);
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
  }

  async #transfer({ source, target, content }: RecordFile): Promise<void> {
    const partial = join(this.partial, String(this.#serial++));
    await guardVolume(
      this.storage,
      async () => {
        if (content) await writeFile(partial, content);
        else await copyFile(source, partial, constants.COPYFILE_FICLONE);
        await rename(partial, join(this.folder, target));
      },
      source,
    );
  }
}

/** A plugin's mistake, and not the user's: what users name is checked while it is read. */
function refusePath(target: string): void {
  if (/[/\\\0]/.test(target) || ['', '.', '..'].includes(target)) {
    throw new TypeError(`A record's file has the target ${JSON.stringify(target)}, which is no plain file name.`);
  }
}
