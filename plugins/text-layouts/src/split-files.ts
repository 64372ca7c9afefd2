import { open, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { isUtf8 } from 'node:buffer';

/** The bytes of a file by which its layout is known. */
const BEGINNING = 256 << 10;

/** The files of a dataset, each a half of it. */
export interface SplitFiles {
  train: string;
  test?: string;
  doubts: string[];
}

const PARTS: Readonly<Record<string, 'train' | 'test' | 'validation'>> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  testb: 'test',
  dev: 'validation',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  testa: 'validation',
};

/** Returns the absolute paths of the files of a folder with these extensions, sorted. An empty extension stands for any other. */
export async function filesIn(root: string, extensions: readonly string[]): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => join(root, name))
    .filter((path) => extensions.includes(extname(path).toLowerCase()))
    .sort();
}

/** Returns whole lines from the beginning of a text, or `undefined` if the file is not one. */
export async function beginningOf(path: string): Promise<string[] | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    const end = bytesRead < BEGINNING ? bytesRead : buffer.lastIndexOf(0x0a);
    const bytes = buffer.subarray(0, Math.max(0, end));
    if (!isUtf8(bytes) || bytes.includes(0)) return undefined;
    return bytes
      .toString()
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
  } finally {
    await file.close();
  }
}

/**
 * Returns the halves of a dataset among files of one layout, by their names. Returns `undefined` if the names do not tell which
 * of several files are the halves.
 */
export function splitOf(paths: readonly string[]): SplitFiles | undefined {
  const [only, ...others] = paths;
  if (only === undefined) return undefined;
  if (others.length === 0) return { train: only, doubts: [] };
  const named = paths.map((path) => ({ path, part: partOf(path) }));
  const [train, ...moreTrain] = named.filter(({ part }) => part === 'train');
  const [test, ...moreTest] = named.filter(({ part }) => part === 'test');
  if (!train || moreTrain.length > 0 || moreTest.length > 0) return undefined;
  const left = named.filter((one) => one !== train && one !== test).map(({ path }) => basename(path));
  const doubts =
    left.length > 0 ? [`${left.length} more files of this layout are left out, such as those to validate.`] : [];
  return { train: train.path, ...(test && { test: test.path }), doubts };
}

function partOf(path: string): string | undefined {
  const words = basename(path)
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.map((word) => PARTS[word]).find((part) => part !== undefined);
}
