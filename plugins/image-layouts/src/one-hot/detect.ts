import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayoutDetection, LayoutSplit } from '@tracebloc/ingestor-contract';
import { counted, halvesOf, isImageName, splitOf } from '@tracebloc/ingestor-annotations';
import { parseOneHot } from './parse.js';

interface Found extends LayoutSplit {
  classes: number;
  /** The rows with another number of classes than one. */
  doubtful: number;
}

/** Finds a table with a column for each class in a folder with images, or in the folders of splits. */
export async function detectOneHot(root: string): Promise<LayoutDetection | undefined> {
  const entries = await readdir(root, { withFileTypes: true });
  const own = await tableIn(root);
  const splits = new Map<string, Found>(own ? [['train', own]] : []);
  for (const { name } of own
    ? []
    : entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const split = splitOf(name);
    const found = split === undefined || splits.has(split) ? undefined : await tableIn(join(root, name));
    if (found) splits.set(split!, found);
  }
  const halves = halvesOf(splits);
  if (!halves) return undefined;
  const { classes, doubtful } = [...splits.values()].find(({ path }) => path === halves.train.path)!;
  const doubts = [
    ...(halves.doubts ?? []),
    ...(doubtful > 0 ? [`${counted(doubtful, 'row')} of the table have no class or several, which is an error.`] : []),
  ];
  return {
    found: `a table of ${counted(halves.train.rows!, 'row')} with a column of 0 and 1 for each of ${counted(classes, 'class')}`,
    forms: ['image_classes'],
    train: splitFrom(halves.train),
    ...(halves.test && { test: splitFrom(halves.test) }),
    ...(doubts.length > 0 && { doubts }),
  };
}

function splitFrom({ path, options, rows }: LayoutSplit): LayoutSplit {
  return { path, options, rows };
}

async function tableIn(folder: string): Promise<Found | undefined> {
  const names = await readdir(folder);
  if (!names.some(isImageName)) return undefined;
  for (const name of names.filter((one) => /\.csv$/i.test(one) && !one.startsWith('.')).sort()) {
    const path = join(folder, name);
    const table = parseOneHot(await readFile(path, 'utf8'));
    if (!table || table.rows.length === 0) continue;
    const marks = table.rows.map(({ cells }) => cells.slice(1));
    if (!marks.every((row) => row.length === table.classes.length && row.every((mark) => mark === '0' || mark === '1')))
      continue;
    const doubtful = marks.filter((row) => row.filter((mark) => mark === '1').length !== 1).length;
    return { path, options: [], rows: table.rows.length, classes: table.classes.length, doubtful };
  }
  return undefined;
}
