import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type LayoutPlaces, type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';

/** The bytes at the beginning of a file in which the name of an image is looked for. */
const BEGINNING = 1 << 20;

/** Finds the folder of the images of a COCO file: the one that has the first of them. */
export async function locateCoco({ path, folders }: LayoutRequest): Promise<LayoutPlaces> {
  const first = await firstImage(path);
  const candidates = folders.images === undefined ? candidatesFor(path) : [folders.images];
  const images = candidates.find((folder) => existsSync(join(folder, first)));
  if (images === undefined) {
    throw new TableError(
      `None of the folders ${candidates.join(', ')} has the image that the file names first.`,
      'Name the folder of the images with `images`.',
    );
  }
  return { files: [path], folders: { images: dirname(join(images, first)) } };
}

/** Returns the root from which the names of the images start. */
export function imageRoot({ path, folders }: LayoutRequest, first: string): string {
  const candidates = folders.images === undefined ? candidatesFor(path) : [folders.images];
  return candidates.find((folder) => existsSync(join(folder, first))) ?? candidates[0]!;
}

/** Returns the folders where tools put the images of a COCO file. */
function candidatesFor(path: string): string[] {
  const folder = dirname(path);
  const above = dirname(folder);
  // instances_train2017.json belongs to train2017/.
  const split = basename(path)
    .replace(/\.json$/i, '')
    .replace(/^[^_]*_/, '');
  return [folder, join(folder, 'images'), join(folder, split), join(above, 'images'), join(above, split)].concat(
    join(above, 'images', split),
    above,
  );
}

async function firstImage(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    const [, name] = /"file_name"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
    if (name === undefined) throw new TableError('The file names no image in its first MiB.');
    return JSON.parse(name) as string;
  } finally {
    await file.close();
  }
}
