import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest, shellWord, type UnusableInput } from '@tracebloc/ingestor-core';
import { quote } from '../wording.js';
import type { LocatedMap } from './located.js';

/** Matches the names of files that are data. `.json` and `.txt` may be a configuration too. */
const DATA = /\.(csv|tsv|jsonl|ndjson|parquet|xlsx?|gz|zip|png|jpe?g|xml)$/i;
const CONFIG = /\.(ya?ml|json)$/i;

/** Says that a file is data instead of a configuration, or returns `undefined`. `path` is the path as it was given. */
export function describeData(path: string, cwd: string): { message: string; fix: string } | undefined {
  const absolute = resolve(cwd, path);
  if (!DATA.test(path) || !statSync(absolute, { throwIfNoEntry: false })?.isFile()) return undefined;
  return {
    message: `the file ${quote(absolute)} is data, not a configuration`,
    fix: `Name the YAML file that describes it. To write one: ingestor init ${shellWord(path)}`,
  };
}

/** The fields of the file that describes a dataset for YOLO. */
const YOLO = ['path', 'train', 'val', 'test', 'nc', 'names'];

/** Says that a YAML file is another program's, or returns `undefined`. `path` is the path as it was given. */
export function describeForeign(root: LocatedMap, path: string): { message: string; fix: string } | undefined {
  const fields = [...root.entries.keys()];
  if (fields.some((name) => OWN.includes(name)) || fields.filter((name) => YOLO.includes(name)).length < 2) {
    return undefined;
  }
  return {
    message: `the file ${quote(path)} describes a dataset for YOLO: it names folders and classes, and is not a configuration`,
    fix: `To write a configuration from the data: ingestor init ${shellWord(dirname(path))}`,
  };
}

const OWN = ['apiVersion', 'kind', 'category', 'table', 'csv', 'json'];

/** Returns what to do about a configuration that cannot be read. `path` is the path as it was given. */
export function adviseOnFile(path: string, cwd: string, error: UnusableInput): string {
  const absolute = resolve(cwd, path);
  if (error.why === 'size') return 'Use the YAML file rather than the data.';
  if (error.why === 'missing') {
    const near = nearest(basename(path), namesIn(dirname(absolute)));
    if (near !== undefined) return `Did you mean ${quote(join(dirname(path), near))}?`;
  }
  if (error.why === 'kind' && statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) {
    const inside = join(path, 'ingest.yaml');
    return existsSync(resolve(cwd, inside))
      ? `Did you mean ${quote(inside)}?`
      : `Name the YAML file that describes the data. To write one: ingestor init ${shellWord(path)}`;
  }
  return 'Use the path of a readable YAML file.';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => CONFIG.test(name));
  } catch {
    return [];
  }
}
