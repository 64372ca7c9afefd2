import { constants } from 'node:fs';
import { lstat, mkdir, open, opendir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STORAGE_ERRORS } from '../errors/catalogue.js';

/** Files that are removed at once. */
const AT_ONCE = 16;
/** Another process may still bring a file, and some volumes do not list every name while others are removed. */
const MOST_PASSES = 10;

/**
 * Returns the folder that `levels` lead to, from the volume's mount on; each that is missing is made. Throws `storage-link`
 * where one is a link, or no folder: nothing is written, moved or removed through a link that somebody planted.
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

/** As `makeFolder`, but makes nothing: returns undefined where one of the levels is missing. */
export async function findFolder(storage: string, ...levels: string[]): Promise<string | undefined> {
  let path = storage;
  for (const level of levels) {
    path = join(path, level);
    if (!(await exists(path))) return undefined;
    await requireFolder(path);
  }
  return path;
}

/** Whether the name is taken, be it by a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(unless('ENOENT'))) !== undefined;
}

/** Removes what bears the name, if anything does: of a link, the link. The names in a folder are never all in memory. */
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
    // Only Linux has a path for what is open, whatever bears the folder's own name meanwhile.
    const folder = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
    const underWay = new Set<Promise<void>>();
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (entry.isDirectory()) {
        await removeTree(join(folder, entry.name));
        continue;
      }
      const removal = unlink(join(folder, entry.name))
        .catch(unless('ENOENT'))
        .finally(() => underWay.delete(removal));
      // It is awaited below, perhaps after another has failed.
      removal.catch(() => undefined);
      underWay.add(removal);
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } finally {
    await handle.close();
  }
}

/** Ignores the errors of these codes; the result is undefined then. */
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
