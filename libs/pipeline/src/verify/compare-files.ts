import { join, sep } from 'node:path';
import { VolumeSpeed } from '@tracebloc/ingestor-core';
import { mapOrdered, Pause } from '@tracebloc/ingestor-dataset';
import {
  readHashing,
  readSmallStored,
  SmallFileReader,
  withStoredFile,
  type HashedFile,
} from '@tracebloc/ingestor-storage';

export interface ReadFile {
  name: string;
  path: string;
  /** Bytes. */
  size: number;
  /** sha256, in hexadecimal. */
  digest?: string;
  /** The system's error code, or a few words, if the file could not be read. */
  error?: string;
}

export interface ComparedFile extends ReadFile {
  differs?: 'missing' | 'unreadable' | 'changed';
}

/**
 * Reads the files in the folder, several at the same time, and compares them with their hashes. Those that are as expected come first
 * among the files that are yielded together.
 */
export async function* compareFiles(
  folder: string,
  files: AsyncIterable<HashedFile[]>,
  signal: AbortSignal,
): AsyncGenerator<ComparedFile[], void> {
  const speed = new VolumeSpeed();
  const pause = new Pause();
  for await (const found of new SmallFileReader(folder).compare(files)) {
    signal.throwIfAborted();
    const compared: ComparedFile[] = [];
    for (const [{ name, digest }, size] of found) {
      if (size !== undefined) compared.push({ name, path: folder + sep + name, size, digest });
    }
    if (compared.length < found.length) {
      const others = found.filter(([, size]) => size === undefined);
      const read = mapOrdered(others, ([file]) => compareFile(folder, file, speed));
      for await (const file of read) compared.push(file);
    }
    yield compared;
    if (pause.isDue) await pause.take();
  }
}

async function compareFile(folder: string, { name, digest }: HashedFile, speed: VolumeSpeed): Promise<ComparedFile> {
  const file = await readWhole(folder, name, speed);
  if (file.error === 'ENOENT') return { ...file, differs: 'missing' };
  if (file.error !== undefined) return { ...file, differs: 'unreadable' };
  return file.digest === digest ? file : { ...file, differs: 'changed' };
}

/** Reads a file to its end, and returns its hash. A link is not followed, since the file that it leads to may change. */
export async function readWhole(folder: string, name: string, speed: VolumeSpeed): Promise<ReadFile> {
  const path = join(folder, name);
  const small = speed.run(() => readSmallStored(path));
  if (small) return { name, path, size: small.bytes, digest: small.digest };
  try {
    const { digest, bytes } = await withStoredFile(path, (file) => readHashing(file));
    return { name, path, size: bytes, digest };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { name, path, size: 0, error: code === 'ELOOP' ? 'it is a link' : code };
  }
}
