import type { JsonValue } from '@tracebloc/ingestor-contract';

/** The place where a value is written. */
export interface Origin {
  /** The path of a file as the user wrote it, an environment variable, a flag such as `flag --table`, or `default`. */
  source: string;
  /** The first line is 1. Only values in files have a line and a column. */
  line?: number;
  column?: number;
  /** The absolute folder that relative paths at this place start from. */
  folder: string;
}

export type Scalar = string | number | boolean | null;

interface Placed {
  origin: Origin;
  /** The place of the value's key. */
  keyOrigin?: Origin;
}
/** `text` is the scalar as it is written, so that `007` can remain `007`. */
export type LocatedScalar = Placed & { kind: 'scalar'; value: Scalar; text: string };
export type LocatedList = Placed & { kind: 'list'; items: Located[] };
/** This is a `Map`, since an object would move keys that look like integers to the front. */
export type LocatedMap = Placed & { kind: 'map'; entries: Map<string, Located> };

/** A value of a configuration document, with the place where it is written. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export type Path = readonly string[];

export function locatedText(text: string, origin: Origin): LocatedScalar {
  return { kind: 'scalar', value: text, text, origin };
}

export function locatedMap(entries: Iterable<readonly [string, Located]>, origin: Origin): LocatedMap {
  return { kind: 'map', entries: new Map(entries), origin };
}

export function toJson(node: Located): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, toJson(value)]));
}

export function find(node: Located | undefined, path: Path): Located | undefined {
  let found = node;
  for (const key of path) found = child(found, key);
  return found;
}

/** Returns the map at `path`, or `undefined` if there is none. */
export function findMap(node: Located | undefined, path: Path): LocatedMap | undefined {
  const found = find(node, path);
  return found?.kind === 'map' ? found : undefined;
}

/** Returns the string at `path`, or `undefined` if there is none. */
export function findText(node: Located | undefined, path: Path): string | undefined {
  const found = find(node, path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** Returns the value at `path`, or the nearest ancestor that exists. */
export function deepest(node: Located, path: Path): Located {
  let found = node;
  for (const key of path) {
    const next = child(found, key);
    if (!next) break;
    found = next;
  }
  return found;
}

/** Removes the value at `path`. For an item of a list it removes the whole list. */
export function remove(node: LocatedMap, path: Path): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const next = node.entries.get(key);
  if (next?.kind === 'map' && rest.length > 0) remove(next, rest);
  else node.entries.delete(key);
}

function child(node: Located | undefined, key: string): Located | undefined {
  if (node?.kind === 'map') return node.entries.get(key);
  return node?.kind === 'list' ? node.items[Number(key)] : undefined;
}
