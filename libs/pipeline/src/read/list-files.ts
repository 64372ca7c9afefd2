import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
  const entries = await opendir(folder).catch((cause: unknown) => {
    throw folderUnreadable(folder, cause);
  });
  for await (const { name } of entries) {
    names.push(name);
    if (names.length < CONCURRENCY) continue;
    yield* await factsOf(folder, names);
    names = [];
  }
  yield* await factsOf(folder, names);
}

async function factsOf(folder: string, names: readonly string[]): Promise<ListedFile[]> {
  const found = await Promise.all(names.map((name) => factsOfFile(folder, name)));
  return found.filter((facts) => facts !== undefined);
}

/** Returns `undefined` if the folder has no file of that name. */
export async function factsOfFile(folder: string, name: string): Promise<ListedFile | undefined> {
  const facts = await stat(join(folder, name)).catch(() => undefined);
  if (!facts?.isFile()) return undefined;
  const { size, mtimeMs, ctimeMs } = facts;
  return { name, size, mtimeMs, ctimeMs };
}
