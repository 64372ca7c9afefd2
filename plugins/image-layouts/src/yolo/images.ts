import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { TableError, type LayoutRequest } from '@tracebloc/ingestor-contract';
import { isImageName } from '@tracebloc/ingestor-annotations';
import { findBelow, linesOf, type Split, SPLITS, type YoloConfig } from './config.js';

/** The images of a dataset, and where they were found. */
export interface FoundImages {
  /** The absolute paths, and the folder below which each is. */
  images: readonly { path: string; folder: string }[];
  /** The lists that name images. */
  lists: readonly string[];
  /** The splits that were not read. */
  left: readonly Split[];
}

/** Finds the images of the splits that the options name, or of `train`. */
export async function findImages(config: YoloConfig, { options, folders }: LayoutRequest): Promise<FoundImages> {
  const { root, splits } = config;
  const wanted = options.split as Split | readonly Split[] | undefined;
  const entries = folders.images === undefined ? undefined : [folders.images];
  if (entries || !splits) {
    if (wanted !== undefined && !entries) {
      throw new TableError('The file has no splits.', 'Remove `split` from the options, or use a data.yaml.');
    }
    const images = join(root, 'images');
    return { ...(await listAll(entries ?? [existsSync(images) ? images : root], root)), left: [] };
  }
  const chosen = wanted === undefined ? [splits.has('train') ? 'train' : [...splits.keys()][0]!] : [wanted].flat();
  const missing = chosen.find((split) => !splits.has(split));
  if (missing !== undefined) {
    throw new TableError(`The file has no split ${missing}.`, `Use one of ${[...splits.keys()].join(', ')}.`);
  }
  const found = await listAll(
    chosen.flatMap((split) => splits.get(split)!),
    root,
  );
  return { ...found, left: SPLITS.filter((split) => splits.has(split) && !chosen.includes(split)) };
}

async function listAll(entries: readonly string[], root: string): Promise<Omit<FoundImages, 'left'>> {
  const images = new Map<string, { path: string; folder: string }>();
  const lists: string[] = [];
  for (const entry of entries) {
    const isFolder = await stat(entry).then(
      (found) => found.isDirectory(),
      () => undefined,
    );
    if (isFolder === undefined) {
      throw new TableError(`${entry} does not exist.`, 'Correct the path of the images in the file.');
    }
    const paths = isFolder ? await imagesBelow(entry) : await imagesOfList(entry, root);
    if (!isFolder) lists.push(entry);
    for (const path of paths) images.set(path, { path, folder: isFolder ? entry : root });
  }
  if (images.size === 0)
    throw new TableError(`There is no image in ${entries.join(', ')}.`, 'Correct the path of the images.');
  return { images: [...images.values()], lists };
}

async function imagesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isImageName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function imagesOfList(list: string, root: string): Promise<string[]> {
  const lines = linesOf(await readFile(list, 'utf8'));
  const folder = dirname(list);
  const paths = lines.map((line) => (line.startsWith('./') ? join(folder, line) : findBelow(root, folder, line)));
  const outside = paths.find((path) => relative(root, path).startsWith('..'));
  if (outside === undefined) return paths;
  throw new TableError(`The list ${list} names ${outside}, which is not below ${root}.`, 'Correct `path` in the file.');
}

/** Returns the path of the labels of an image: in `labels` instead of `images`, or beside the image. */
export class LabelPaths {
  readonly #folders = new Map<string, string>();

  of(image: string): string {
    const folder = dirname(image);
    let labels = this.#folders.get(folder);
    if (labels === undefined) this.#folders.set(folder, (labels = labelFolder(folder)));
    return `${join(labels, image.slice(folder.length + 1)).replace(/\.[^./\\]*$/, '')}.txt`;
  }

  /** The folders that were returned, by the folders of the images. */
  get folders(): ReadonlyMap<string, string> {
    return this.#folders;
  }
}

function labelFolder(images: string): string {
  const parts = images.split(sep);
  const at = parts.lastIndexOf('images');
  const labels = at < 0 ? images : [...parts.slice(0, at), 'labels', ...parts.slice(at + 1)].join(sep);
  return existsSync(labels) ? labels : images;
}
