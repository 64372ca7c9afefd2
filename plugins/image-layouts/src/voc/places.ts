import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LayoutRequest, TableError } from '@tracebloc/ingestor-contract';
import { isImageName, stemOf } from '@tracebloc/ingestor-annotations';

/** The folders and lists of a VOC dataset. */
export interface VocPlaces {
  images: string;
  annotations?: string;
  masks?: string;
  /** The files with the names of the images of each split. */
  splits: ReadonlyMap<string, string>;
}

const IMAGES = ['JPEGImages', 'images', 'Images'];
const ANNOTATIONS = ['Annotations', 'annotations'];

/** Finds the folders of a dataset. Throws a `TableError` if one that the form needs is missing. */
export async function findPlaces({ path, form, folders }: LayoutRequest): Promise<VocPlaces> {
  const root = rootBelow(path);
  const find = (names: readonly string[]): string | undefined => {
    return names.map((name) => join(root, name)).find((folder) => existsSync(folder));
  };
  // Roboflow puts the annotations beside the images.
  const hasBeside = readdirSync(root).some((name) => name.endsWith('.xml'));
  const images = folders.images ?? find(IMAGES) ?? (hasBeside ? root : undefined);
  const annotations = folders.annotations ?? find(ANNOTATIONS) ?? (hasBeside ? root : undefined);
  const masks = folders.masks ?? find(['SegmentationClass']);
  const needed =
    form === 'masks'
      ? { JPEGImages: images, SegmentationClass: masks }
      : { JPEGImages: images, Annotations: annotations };
  for (const [name, folder] of Object.entries(needed)) {
    if (folder === undefined)
      throw new TableError(`The folder ${path} has no folder ${name}.`, `Name the folder that has ${name}.`);
  }
  return {
    images: images!,
    annotations,
    masks,
    splits: await findSplits(root, form === 'masks' ? 'Segmentation' : 'Main'),
  };
}

/** Returns the folder, or the only one in it whose name begins with VOC. */
function rootBelow(path: string): string {
  const names = readdirSync(path);
  const below = names.filter((name) => /^VOC/i.test(name));
  return below.length === 1 && ![...IMAGES, ...ANNOTATIONS].some((name) => names.includes(name))
    ? join(path, below[0]!)
    : path;
}

/** Returns the lists of a dataset. Those of one class are named by the class and a split: `cat_train`. */
async function findSplits(root: string, preferred: string): Promise<Map<string, string>> {
  const folders = [preferred, 'Main', 'Segmentation'].map((name) => join(root, 'ImageSets', name));
  for (const folder of folders) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => /^[^.].*\.txt$/.test(name)).sort();
    const names = new Set(files.map((name) => basename(name, '.txt')));
    const own = [...names].filter((name) => !names.has(name.replace(/^.*_/, '')) || !name.includes('_'));
    if (own.length > 0) return new Map(own.map((name) => [name, join(folder, `${name}.txt`)]));
  }
  return new Map();
}

/** The splits that the options name, or else the usual ones. */
export interface ChosenSplits {
  /** They are absent if the dataset has no lists: then all images count. */
  chosen?: readonly string[];
  left: readonly string[];
}

/** Chooses the splits that the options name, or `train`, or `trainval`, or the first. */
export function chooseSplits({ splits }: VocPlaces, { options }: LayoutRequest): ChosenSplits {
  const wanted = options.split === undefined ? undefined : ([options.split].flat() as string[]);
  const all = [...splits.keys()];
  const missing = wanted?.find((name) => !splits.has(name));
  if (missing !== undefined) {
    const fix =
      all.length > 0 ? `Use one of ${all.join(', ')}.` : 'Remove `split` from the options: all images then count.';
    throw new TableError(`ImageSets has no list ${missing}.txt.`, fix);
  }
  const usual = ['train', 'trainval', ...all].find((name) => splits.has(name));
  const chosen = wanted ?? (usual === undefined ? undefined : [usual]);
  // trainval is train and val together.
  const parts = ['train', 'val'];
  const hasBoth = chosen !== undefined && (chosen.includes('trainval') || parts.every((name) => chosen.includes(name)));
  const isRead = (name: string): boolean =>
    chosen!.includes(name) || (hasBoth && [...parts, 'trainval'].includes(name));
  const left = chosen ? all.filter((name) => !isRead(name)) : [];
  return { ...(chosen && { chosen }), left };
}

/** Returns the names in the lists of splits, without extensions, with the line of each in its list. */
export async function readSplits(
  { splits }: VocPlaces,
  chosen: readonly string[],
): Promise<Map<string, { file: string; row: number }>> {
  const found = new Map<string, { file: string; row: number }>();
  for (const split of chosen) {
    const file = splits.get(split)!;
    const lines = (await readFile(file, 'utf8')).replace(/^\u{feff}/u, '').split(/\r?\n/);
    for (const [at, line] of lines.entries()) {
      const [name = ''] = line.trim().split(/\s+/);
      const stem = (isImageName(name) ? stemOf(name) : name).normalize();
      if (stem !== '' && !found.has(stem)) found.set(stem, { file, row: at + 1 });
    }
  }
  return found;
}
