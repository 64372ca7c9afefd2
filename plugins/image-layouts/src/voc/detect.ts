import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type DataForm,
  isTableError,
  type LayoutDetection,
  type LayoutRequest,
  type LayoutSplit,
} from '@tracebloc/ingestor-contract';
import { counted, halvesOf, isImageName, listFolder, splitOf, splitOption } from '@tracebloc/ingestor-annotations';
import { findPlaces, readSplits, type VocPlaces } from './places.js';

/** Finds a VOC dataset in a folder, or in `VOCdevkit`, or one in each folder of a split. */
export async function detectVoc(root: string): Promise<LayoutDetection | undefined> {
  for (const path of [root, join(root, 'VOCdevkit')].filter((one) => existsSync(one))) {
    const found = await detectAt(path);
    if (found) return found;
  }
  return detectFolders(root);
}

async function detectAt(path: string): Promise<LayoutDetection | undefined> {
  const places = (await placesOf(path, 'masks')) ?? (await placesOf(path, 'boxes'));
  if (!places || isPlainPair(places)) return undefined;
  const forms: DataForm[] = [
    ...(places.masks ? (['masks'] as const) : []),
    ...(places.annotations ? (['boxes'] as const) : []),
  ];
  const files = places.masks ?? places.annotations!;
  const all = await listFolder(files, (name) => /\.(xml|png)$/i.test(name));
  if (all.size === 0) return undefined;
  const kinds = forms.map((form) => (form === 'masks' ? 'masks' : 'annotations')).join(' and ');
  const found = (rows: number): string => `a Pascal VOC folder of ${counted(rows, 'image')} with ${kinds}`;
  if (places.splits.size === 0) return { found: found(all.size), forms, train: { path, options: [], rows: all.size } };

  const splits = new Map<string, LayoutSplit>();
  for (const split of usefulSplits([...places.splits.keys()])) {
    const rows = (await readSplits(places, [split])).size;
    if (rows > 0) splits.set(split === 'trainval' ? 'train' : split, { path, options: [splitOption(split)], rows });
  }
  const halves = halvesOf(splits);
  return halves && { found: found(halves.train.rows!), forms, ...halves };
}

/** Whether a dataset has only the folders of a task without a manifest, which that task detects. */
function isPlainPair({ images, annotations, masks, splits }: VocPlaces): boolean {
  const names = [images, annotations ?? ''].map((folder) => basename(folder));
  return names.join() === 'images,annotations' && !masks && splits.size === 0;
}

/** Leaves out `trainval` or its parts: with a split `test`, `trainval` is all the rest. */
function usefulSplits(names: readonly string[]): string[] {
  if (!names.includes('trainval')) return [...names];
  if (names.includes('test') || !names.includes('train'))
    return names.filter((name) => name !== 'train' && name !== 'val');
  return names.filter((name) => name !== 'trainval');
}

async function placesOf(path: string, form: LayoutRequest['form']): Promise<VocPlaces | undefined> {
  return findPlaces({ path, form, options: {}, folders: {} }).catch((error: unknown) => {
    if (isTableError(error)) return undefined;
    throw error;
  });
}

/** Finds images with annotations beside them in the folders of splits, as Roboflow writes them. */
async function detectFolders(root: string): Promise<LayoutDetection | undefined> {
  const entries = await readdir(root, { withFileTypes: true });
  const splits = new Map<string, LayoutSplit>();
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const split = splitOf(name);
    const path = join(root, name);
    const places = split === undefined ? undefined : await placesOf(path, 'boxes');
    if (!places || splits.has(split!)) continue;
    const rows = (await listFolder(places.annotations!, (file) => /\.xml$/i.test(file))).size;
    const images = (await listFolder(places.images, isImageName)).size;
    if (rows > 0 && images > 0) splits.set(split!, { path, options: [], rows });
  }
  const halves = halvesOf(splits);
  if (!halves) return undefined;
  return {
    found: `a Pascal VOC folder of ${counted(halves.train.rows!, 'image')} with annotations`,
    forms: ['boxes'],
    ...halves,
  };
}
