import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DataForm,
  isTableError,
  type LayoutDetection,
  type LayoutRequest,
  type LayoutSplit,
} from '@tracebloc/ingestor-contract';
import { counted, halvesOf, splitOption } from '@tracebloc/ingestor-annotations';
import { readConfig, SPLITS, type YoloConfig } from './config.js';
import { type FoundImages, findImages, LabelPaths } from './images.js';
import { readLines } from './labels.js';

/** The files of labels that show which shapes the data has. */
const SAMPLE = 200;

/** Finds the file of a YOLO dataset in a folder. */
export async function detectYolo(root: string): Promise<LayoutDetection | undefined> {
  const names = (await readdir(root)).filter((name) => !name.startsWith('.')).sort();
  const candidates = [
    ...names.filter((name) => /\.ya?ml$/i.test(name)),
    ...['obj.data', 'obj.names', 'classes.txt'].filter((name) => names.includes(name)),
  ];
  for (const name of candidates) {
    const path = join(root, name);
    const found = await detectAt(path).catch((error: unknown) => {
      if (isTableError(error)) return undefined;
      throw error;
    });
    if (found) return found;
  }
  return undefined;
}

async function detectAt(path: string): Promise<LayoutDetection | undefined> {
  const config = await readConfig(path);
  const splits = new Map<string, LayoutSplit & { found: FoundImages }>();
  const request = (split?: string): LayoutRequest => ({
    path,
    form: 'boxes',
    options: split === undefined ? {} : { split },
    folders: {},
  });
  const missing: string[] = [];
  for (const split of config.splits ? SPLITS.filter((one) => config.splits!.has(one)) : [undefined]) {
    try {
      const found = await findImages(config, request(split));
      const options = split !== undefined && config.splits!.size > 1 ? [splitOption(split)] : [];
      splits.set(split ?? 'train', { path, options, rows: found.images.length, found });
    } catch (error) {
      if (!isTableError(error)) throw error;
      missing.push(split ?? 'train');
    }
  }
  const halves = halvesOf(splits);
  if (!halves) return undefined;
  const forms = await formsOf(config, (halves.train as LayoutSplit & { found: FoundImages }).found);
  if (forms.length === 0) return undefined;
  const doubts = [
    ...(halves.doubts ?? []),
    ...missing.map((split) => `The file names a split ${split}, whose images are not there.`),
  ];
  return {
    found: `a YOLO dataset of ${counted(halves.train.rows!, 'image')} and ${counted(new Set(config.names).size, 'class')}`,
    forms,
    train: withoutFound(halves.train),
    ...(halves.test && { test: withoutFound(halves.test) }),
    ...(doubts.length > 0 && { doubts }),
  };
}

function withoutFound({ path, options, rows }: LayoutSplit): LayoutSplit {
  return { path, options, rows };
}

/** Returns the forms that the labels of the first images have. There is none if they have no labels. */
async function formsOf(config: YoloConfig, { images }: FoundImages): Promise<DataForm[]> {
  const labels = new LabelPaths();
  let [hasBoxes, hasOutlines, hasPoints] = [false, false, false];
  for (const { path } of images.slice(0, SAMPLE)) {
    const text = await readFile(labels.of(path), 'utf8').catch(() => '');
    for (const read of readLines(text, config, 'boxes')) {
      if ('problem' in read) continue;
      hasBoxes = true;
      hasOutlines ||= read.polygon !== undefined;
      hasPoints ||= read.points !== undefined;
    }
  }
  return [
    ...(hasPoints ? (['keypoints'] as const) : []),
    ...(hasOutlines ? (['masks'] as const) : []),
    ...(hasBoxes ? (['boxes'] as const) : []),
  ];
}
