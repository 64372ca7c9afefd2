import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type LayoutPlaces, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import { safePath } from '@tracebloc/ingestor-annotations';
import { readElements } from './elements.js';

/** The number of images that decide where the images are. */
const SAMPLE = 50;

/** Finds the folder of the images of a COCO file, and the folders below it. */
export async function locateCoco(request: LayoutRequest): Promise<LayoutPlaces> {
  const paths = await firstPaths(request.path);
  const root = await rootOf(request, paths);
  return { files: [request.path], folders: await foldersFor(root, paths) };
}

/** Returns the folder below which the most of the first images are. Throws a `TableError` if there is none. */
export async function rootOf(
  { path, folders }: Pick<LayoutRequest, 'path' | 'folders'>,
  paths: readonly string[],
): Promise<string> {
  const candidates = folders.images === undefined ? candidatesFor(path) : [folders.images];
  const sample = paths.slice(0, SAMPLE);
  const counts = candidates.map((folder) => sample.filter((one) => isThere(join(folder, one))).length);
  const most = Math.max(...counts);
  if (most === 0) {
    throw new TableError(
      `None of the folders ${candidates.join(', ')} has one of the images that the file names first.`,
      'Name the folder of the images with `images`.',
    );
  }
  return candidates[counts.indexOf(most)]!;
}

/** Whether there is a file, however its accents are encoded. */
function isThere(path: string): boolean {
  return [path, path.normalize('NFC'), path.normalize('NFD')].some((one) => existsSync(one));
}

/** Returns a folder, with those below it if the paths of the images name some. */
async function foldersFor(root: string, paths: readonly string[]): Promise<Record<string, string>> {
  const folders: Record<string, string> = { images: root };
  if (paths.every((path) => !path.includes('/'))) return folders;
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  for (const folder of below.sort()) folders[`images${folder.slice(root.length)}`] = folder;
  return folders;
}

/** Returns the folders where tools put the images of a COCO file. */
function candidatesFor(path: string): string[] {
  const folder = dirname(path);
  const above = dirname(folder);
  // instances_train2017.json and person_keypoints_train2017.json belong to train2017/.
  const words = basename(path)
    .replace(/\.json$/i, '')
    .split('_');
  const splits = words.slice(1).map((_word, at) => words.slice(at + 1).join('_'));
  const usual = [folder, join(folder, 'images'), join(above, 'images')];
  const named = splits.flatMap((split) => [join(folder, split), join(above, split), join(above, 'images', split)]);
  return [...new Set([...usual, ...named, above])];
}

/** Returns the paths of the first images that a file names. */
async function firstPaths(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const paths: string[] = [];
    for await (const elements of readElements(file, new AbortController().signal)) {
      for (const { key, text } of elements) {
        const [, name] = key === 'images' ? (FILE_NAME.exec(text) ?? []) : [];
        const safe = name === undefined ? undefined : safePath(JSON.parse(name) as string);
        if (safe !== undefined) paths.push(safe);
      }
      if (paths.length >= SAMPLE) return paths;
    }
    if (paths.length > 0) return paths;
    throw new TableError(
      'The file names no image below a folder.',
      'Use a COCO file, which has `images` with `file_name`.',
    );
  } finally {
    await file.close();
  }
}

const FILE_NAME = /"file_name"\s*:\s*("(?:[^"\\]|\\.)*")/;
