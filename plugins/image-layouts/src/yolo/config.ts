import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { TableError } from '@tracebloc/ingestor-contract';
import { parseDocument } from 'yaml';

export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** The points of each object. */
export interface PointShape {
  count: number;
  /** 2 for x and y, 3 with the visibility. */
  numbers: 2 | 3;
  names: readonly string[];
}

/** What the file of a YOLO dataset says. */
export interface YoloConfig {
  /** The absolute path of the folder from which other paths begin. */
  root: string;
  /** The names of the classes, in the order of their numbers. */
  names: readonly string[];
  points?: PointShape;
  /** The folders and lists of images of each split, absolute. They are absent if the file does not name any. */
  splits?: ReadonlyMap<Split, readonly string[]>;
}

/** Reads `data.yaml`, the `obj.data` of older tools, or a file with a class on each line, such as `classes.txt`. */
export async function readConfig(path: string): Promise<YoloConfig> {
  const text = (await readFile(path, 'utf8')).replace(/^\u{feff}/u, '');
  if (['.yaml', '.yml'].includes(extname(path).toLowerCase())) return readYaml(path, text);
  return extname(path).toLowerCase() === '.data'
    ? readObjData(path, text)
    : { root: rootAbove(path), names: linesOf(text) };
}

function readYaml(path: string, text: string): YoloConfig {
  const document = parseDocument(text, { logLevel: 'silent' });
  const raw = document.errors.length > 0 ? undefined : (document.toJS() as Record<string, unknown> | null);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new TableError('The file is not a YAML map.', 'Use the data.yaml of a YOLO dataset.');
  }
  const folder = dirname(path);
  const stated = typeof raw.path === 'string' ? resolve(folder, raw.path) : folder;
  // The path is often that of another computer.
  const root = existsSync(stated) ? stated : folder;
  const points = readPoints(raw);
  const splits = new Map<Split, readonly string[]>();
  for (const split of SPLITS) {
    const value = raw[split] ?? (split === 'val' ? raw.valid : undefined);
    const entries = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' && one !== '');
    if (entries.length > 0)
      splits.set(
        split,
        entries.map((entry) => findBelow(root, folder, entry as string)),
      );
  }
  return { root, names: readNames(raw), ...(points && { points }), ...(splits.size > 0 && { splits }) };
}

/** Reads a file of lines such as `train = data/train.txt`. */
function readObjData(path: string, text: string): YoloConfig {
  const fields = new Map(
    linesOf(text).map((line) => line.split('=').map((part) => part.trim()) as [string, string | undefined]),
  );
  const root = dirname(path);
  const names = fields.get('names');
  if (names === undefined)
    throw new TableError('The file does not name the file of the classes.', 'Add a line `names = obj.names`.');
  const splits = new Map<Split, readonly string[]>();
  for (const split of SPLITS) {
    const entry = fields.get(split) ?? (split === 'val' ? fields.get('valid') : undefined);
    const list = entry === undefined ? undefined : findBelow(root, root, entry);
    // CVAT names lists of splits that it does not write.
    if (list !== undefined && existsSync(list)) splits.set(split, [list]);
  }
  return { root, names: linesOf(readNow(findBelow(root, root, names))), ...(splits.size > 0 && { splits }) };
}

function readNames({ names, nc }: Record<string, unknown>): string[] {
  if (Array.isArray(names)) return names.map(String);
  if (typeof names === 'object' && names !== null) {
    const entries = Object.entries(names).map(([id, name]) => [Number(id), String(name)] as const);
    const list: (string | undefined)[] = [];
    for (const [id, name] of entries) {
      if (!Number.isInteger(id) || id < 0 || id > 65_535)
        throw new TableError('A key of `names` is not the number of a class.');
      list[id] = name;
    }
    return Array.from(list, (name, id) => name ?? `class_${id}`);
  }
  if (typeof nc === 'number') return Array.from({ length: nc }, (_, id) => `class_${id}`);
  throw new TableError('The file has no `names`.', 'List the names of the classes in `names`.');
}

function readPoints({ kpt_shape: shape, kpt_names: raw }: Record<string, unknown>): PointShape | undefined {
  if (shape === undefined || shape === null) return undefined;
  const [count, numbers] = (Array.isArray(shape) ? shape : []) as unknown[];
  if (!Number.isInteger(count) || (count as number) < 1 || (numbers !== 2 && numbers !== 3)) {
    throw new TableError(
      '`kpt_shape` is not a number of points with 2 or 3.',
      'Write for example `kpt_shape: [17, 3]`.',
    );
  }
  const known: unknown = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.values(raw)[0] : raw;
  const names = Array.from({ length: count as number }, (_, at) => `point_${at + 1}`);
  return {
    count: count as number,
    numbers,
    names: Array.isArray(known) && known.length === count ? known.map(String) : names,
  };
}

/**
 * Returns the path of what a file names: below the root, below the folder of the file, or there without the beginning of the
 * path. Roboflow writes `../train/images` for `train/images`, and paths may be those of another computer.
 */
export function findBelow(root: string, folder: string, written: string): string {
  const usual = resolve(root, written);
  if (existsSync(usual)) return usual;
  const parts = written
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => !['', '.', '..'].includes(part));
  for (let from = 0; from < parts.length; from++) {
    for (const base of new Set([root, folder])) {
      const path = join(base, ...parts.slice(from));
      if (existsSync(path)) return path;
    }
  }
  return usual;
}

/** Returns the folder of a file, or the one above it if the file is among the labels. */
function rootAbove(path: string): string {
  const folder = dirname(path);
  return basename(folder) === 'labels' && existsSync(join(dirname(folder), 'images')) ? dirname(folder) : folder;
}

function readNow(path: string): string {
  if (!existsSync(path)) throw new TableError(`The file ${path}, which has the names of the classes, does not exist.`);
  return readFileSync(path, 'utf8');
}

export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
