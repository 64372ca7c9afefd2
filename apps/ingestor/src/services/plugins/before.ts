import { constants, rmSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that npm and oclif keep in the folder of plugins. */
const KEPT = ['package.json', 'package-lock.json', 'node_modules'];

/**
 * A copy of the folder of plugins, from which the folder can be restored without a registry or a tarball. The copy lies
 * in the folder, and is removed at the end of the process at the latest.
 */
export class InstalledBefore {
  private constructor(
    private readonly folder: string,
    private readonly copy: string,
  ) {}

  static async copy(folder: string): Promise<InstalledBefore> {
    const before = new InstalledBefore(folder, await mkdtemp(join(folder, '.before-')));
    process.once('exit', before.#discardNow);
    try {
      for (const name of KEPT) {
        await cp(join(folder, name), join(before.copy, name), {
          recursive: true,
          verbatimSymlinks: true,
          preserveTimestamps: true,
          mode: constants.COPYFILE_FICLONE,
        }).catch(whereMissing);
      }
    } catch (error) {
      await before.discard();
      throw error;
    }
    return before;
  }

  /** Restores the folder from the copy. */
  async restore(): Promise<void> {
    for (const name of KEPT) {
      await rm(join(this.folder, name), { recursive: true, force: true });
      await rename(join(this.copy, name), join(this.folder, name)).catch(whereMissing);
    }
  }

  async discard(): Promise<void> {
    await rm(this.copy, { recursive: true, force: true });
    process.off('exit', this.#discardNow);
  }

  readonly #discardNow = () => rmSync(this.copy, { recursive: true, force: true });
}

function whereMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
