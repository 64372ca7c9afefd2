import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeError } from '../../errors.js';

/**
 * Makes the folder of --local, with a .gitignore that keeps all of it out of a repository. Changes nothing that exists.
 * Throws `local-not-writable` if that fails.
 */
export async function prepareLocal(folder: string): Promise<void> {
  try {
    await mkdir(folder).catch(unlessExists);
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(unlessExists);
  } catch (cause) {
    throw makeError('local-not-writable', {
      message: `--local stores in ${folder}, which cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      fix: [
        'Run the command in a folder that this user can write to.',
        'Or instead of --local name another folder: CLIENT_ENV=local STORAGE_PATH=<folder>',
      ],
      cause,
    });
  }
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
