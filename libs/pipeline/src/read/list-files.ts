import { type Dirent, type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { folderEntries, VolumeSpeed } from '@tracebloc/ingestor-core';
import { folderUnreadable } from '@tracebloc/ingestor-dataset';

/** Number of files that are examined in parallel: a network volume answers many requests as fast as one. */
const CONCURRENCY = 64;

export interface ListedFile {
  name: string;
  /** Bytes. */
  size: number;
  mtimeMs: number;
  /** The last change of its content, name, links or permissions. Nobody can set this time. */
  ctimeMs: number;
}

/** The bytes of the files of each folder, by its path, when it was last listed. */
const listed = new Map<string, number>();

/**
 * Lists the files directly in a folder, in no order and several at a time. A file that is removed meanwhile is left out. Throws an
 * `IngestorError` if the folder cannot be listed.
 */
export async function* listFiles(folder: string): AsyncGenerator<ListedFile[], void> {
  const speed = new VolumeSpeed();
  let bytes = 0;
  try {
    for await (const entries of folderEntries(folder)) {
      const files = await factsOf(folder, entries, speed);
      for (const { size } of files) bytes += size;
      yield files;
    }
  } catch (cause) {
    throw folderUnreadable(folder, cause);
  }
  listed.set(folder, bytes);
}

/** Returns the bytes of the files directly in a folder, as they were when this process last listed it. */
export async function bytesIn(folder: string): Promise<number> {
  if (!listed.has(folder)) {
    const files = listFiles(folder);
    while (!(await files.next()).done);
  }
  return listed.get(folder)!;
}

async function factsOf(folder: string, entries: readonly Dirent[], speed: VolumeSpeed): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  const later: string[] = [];
  for (const { name } of entries) {
    const facts = speed.run(() => factsNow(folder, name));
    if (facts === undefined) later.push(name);
    else if (facts !== 'none') files.push(facts);
  }
  for (let from = 0; from < later.length; from += CONCURRENCY) {
    const names = later.slice(from, from + CONCURRENCY);
    const found = await Promise.all(names.map((name) => factsOfFile(folder, name)));
    files.push(...found.filter((facts) => facts !== undefined));
  }
  return files;
}

/** Returns `undefined` if the folder has no file of that name. */
export async function factsOfFile(folder: string, name: string): Promise<ListedFile | undefined> {
  const stats = await stat(join(folder, name)).catch(() => undefined);
  return stats && factsIn(name, stats);
}

function factsNow(folder: string, name: string): ListedFile | 'none' {
  try {
    return factsIn(name, statSync(folder + sep + name)) ?? 'none';
  } catch {
    return 'none';
  }
}

function factsIn(name: string, stats: Stats): ListedFile | undefined {
  if (!stats.isFile()) return undefined;
  const { size, mtimeMs, ctimeMs } = stats;
  return { name, size, mtimeMs, ctimeMs };
}
