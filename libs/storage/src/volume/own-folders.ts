import { constants } from 'node:fs';
import { lstat, mkdir, open, opendir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STORAGE_ERRORS } from '../errors/catalogue.js';

/** Files that are removed at the same time. */
const AT_ONCE = 16;
/** A folder may need several passes: another process may still add files, and some volumes list names incompletely. */
const MOST_PASSES = 10;

/**
 * Returns the folder at the path of `levels` below `storage`, and creates missing ones. Throws `storage-link` if one of them
 * is a link or not a folder: nothing may be written, moved or removed through a link that somebody planted.
 */
export async function makeFolder(storage: string, ...levels: string[]): Promise<string> {
  await mkdir(storage, { recursive: true });
  let path = storage;
  for (const level of levels) {
    path = join(path, level);
    await mkdir(path).catch(unless('EEXIST'));
    await requireFolder(path);
  }
  return path;
}

/** Does the same as `makeFolder` but creates nothing: returns undefined if a level is missing. */
export async function findFolder(storage: string, ...levels: string[]): Promise<string | undefined> {
  let path = storage;
  for (const level of levels) {
    path = join(path, level);
    if (!(await exists(path))) return undefined;
    await requireFolder(path);
  }
  return path;
}

/** Whether something has this path. A broken link counts. */
export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(unless('ENOENT'))) !== undefined;
}

/** Removes the file, link or folder at the path, if any. It does not follow links or keep all names of a folder in memory. */
export async function removeTree(path: string): Promise<void> {
  const found = await lstat(path).catch(unless('ENOENT'));
  if (!found) return;
  if (!found.isDirectory()) {
    await unlink(path).catch(unless('ENOENT'));
    return;
  }
  for (let pass = 1; ; pass++) {
    await emptyFolder(path);
    try {
      await rmdir(path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (pass === MOST_PASSES || (code !== 'ENOTEMPTY' && code !== 'EEXIST')) throw error;
    }
    await sleep(pass * 20);
  }
}

async function emptyFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    // On Linux, this path leads to the open folder even if another one has its name by now.
    const folder = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
    const pending = new Set<Promise<void>>();
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (entry.isDirectory()) {
        await removeTree(join(folder, entry.name));
        continue;
      }
      const removal = unlink(join(folder, entry.name))
        .catch(unless('ENOENT'))
        .finally(() => pending.delete(removal));
      // It is awaited below, perhaps only after another one has failed.
      removal.catch(() => undefined);
      pending.add(removal);
      if (pending.size >= AT_ONCE) await Promise.race(pending);
    }
    await Promise.all(pending);
  } finally {
    await handle.close();
  }
}

/** Returns a handler for `catch` that returns undefined for errors with these codes and throws all others. */
export function unless(...codes: string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
    return undefined;
  };
}

async function requireFolder(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) return;
  throw STORAGE_ERRORS.make('storage-link', {
    message: `${path} is a link or a file, but a folder of this program should be there. Nothing was written through it.`,
    fix: 'Find out who made it, remove it, then run the same command again.',
  });
}
