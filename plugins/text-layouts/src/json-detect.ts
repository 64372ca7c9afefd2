import type { DataForm, JsonObject, LayoutDetection } from '@tracebloc/ingestor-contract';
import { parseObject } from './json-lines.js';
import { beginningOf, filesIn, splitOf } from './split-files.js';

const EXTENSIONS = ['.jsonl', '.ndjson', '.json'];

/** Lines that are looked at. */
const MAX_LINES = 100;

/** Recognises files of JSON lines whose first lines `describe` knows. It returns what they are, and their forms. */
export async function detectJsonLines(
  root: string,
  describe: (lines: readonly JsonObject[]) => { found: string; forms: readonly DataForm[] } | undefined,
): Promise<LayoutDetection | undefined> {
  const known = new Map<string, { found: string; forms: readonly DataForm[] }>();
  for (const path of await filesIn(root, EXTENSIONS)) {
    const lines = (await beginningOf(path))?.filter((line) => line.trim() !== '').slice(0, MAX_LINES);
    const objects = lines?.map(parseObject);
    if (!objects || objects.length === 0 || objects.includes(undefined)) continue;
    const found = describe(objects as JsonObject[]);
    if (found) known.set(path, found);
  }
  const split = splitOf([...known.keys()]);
  if (!split) return undefined;
  const { train, test, doubts } = split;
  return {
    ...known.get(train)!,
    train: { path: train, options: [] },
    ...(test !== undefined && { test: { path: test, options: [] } }),
    ...(doubts.length > 0 && { doubts }),
  };
}
