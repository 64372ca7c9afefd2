import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderUnreadable } from '@tracebloc/ingestor-dataset';

/** Files whose facts are asked for at once: a network volume answers many questions as fast as one. */
const AT_ONCE = 64;

export interface ListedFile {
  name: string;
  /** Bytes. */
  size: number;
  mtimeMs: number;
  /** When its content, name, links or permissions changed last; nobody can set it. */
  ctimeMs: number;
}

/**
 * The files directly in a folder, in no order. One that goes away meanwhile is left out. Throws an `IngestorError` where
 * the folder cannot be listed.
 */
export async function* listFiles(folder: string): AsyncGenerator<ListedFile, void> {
  let names: string[] = [];
  const entries = await opendir(folder).catch((cause: unknown) => {
    throw folderUnreadable(folder, cause);
  });
  for await (const { name } of entries) {
    names.push(name);
    if (names.length < AT_ONCE) continue;
    yield* await factsOf(folder, names);
    names = [];
  }
  yield* await factsOf(folder, names);
}

async function factsOf(folder: string, names: readonly string[]): Promise<ListedFile[]> {
  const found = await Promise.all(names.map((name) => factsOfFile(folder, name)));
  return found.filter((facts) => facts !== undefined);
}

/** Undefined where there is no file of that name. */
export async function factsOfFile(folder: string, name: string): Promise<ListedFile | undefined> {
  const facts = await stat(join(folder, name)).catch(() => undefined);
  if (!facts?.isFile()) return undefined;
  const { size, mtimeMs, ctimeMs } = facts;
  return { name, size, mtimeMs, ctimeMs };
}
