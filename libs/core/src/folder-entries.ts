import type { Dir, Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { VolumeSpeed } from './volume-speed.js';

/** The entries that are read together. */
const PAGE = 256;

/**
 * Yields the entries of a folder in no order, some hundred at a time. An asynchronous iteration of `opendir` needs several times the
 * processor time.
 */
export async function* folderEntries(path: string): AsyncGenerator<Dirent[], void> {
  const folder = await opendir(path, { bufferSize: PAGE });
  const speed = new VolumeSpeed();
  try {
    for (;;) {
      const page = speed.run(() => readNow(folder)) ?? (await readLater(folder));
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
    }
  } finally {
    await folder.close();
  }
}

function readNow(folder: Dir): Dirent[] {
  const page: Dirent[] = [];
  while (page.length < PAGE) {
    const entry = folder.readSync();
    if (!entry) break;
    page.push(entry);
  }
  return page;
}

async function readLater(folder: Dir): Promise<Dirent[]> {
  const page: Dirent[] = [];
  while (page.length < PAGE) {
    const entry = await folder.read();
    if (!entry) break;
    page.push(entry);
  }
  return page;
}
