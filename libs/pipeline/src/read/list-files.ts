import { type Stats, statSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
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

/**
 * Lists the files directly in a folder, in no order. A file that is removed meanwhile is left out. Throws an
 * `IngestorError` if the folder cannot be listed.
 */
export async function* listFiles(folder: string): AsyncGenerator<ListedFile, void> {
  let names: string[] = [];
  const speed = new VolumeSpeed();
  const entries = await opendir(folder, { bufferSize: 256 }).catch((cause: unknown) => {
    throw folderUnreadable(folder, cause);
  });
  for await (const { name } of entries) {
    names.push(name);
    if (names.length < CONCURRENCY) continue;
    yield* await factsOf(folder, names, speed);
    names = [];
  }
  yield* await factsOf(folder, names, speed);
}

async function factsOf(folder: string, names: readonly string[], speed: VolumeSpeed): Promise<ListedFile[]> {
  const now = names.map((name) => speed.run(() => factsNow(folder, name)));
  const found = now.includes(undefined)
    ? await Promise.all(names.map(async (name, index) => now[index] ?? factsOfFile(folder, name)))
    : now;
  return found.filter((facts) => facts !== undefined && facts !== 'none');
}

/** Returns `undefined` if the folder has no file of that name. */
export async function factsOfFile(folder: string, name: string): Promise<ListedFile | undefined> {
  const stats = await stat(join(folder, name)).catch(() => undefined);
  return stats && factsIn(name, stats);
}

function factsNow(folder: string, name: string): ListedFile | 'none' {
  try {
    return factsIn(name, statSync(join(folder, name))) ?? 'none';
  } catch {
    return 'none';
  }
}

function factsIn(name: string, stats: Stats): ListedFile | undefined {
  if (!stats.isFile()) return undefined;
  const { size, mtimeMs, ctimeMs } = stats;
  return { name, size, mtimeMs, ctimeMs };
}
