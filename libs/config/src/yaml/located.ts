import type { JsonValue } from '@tracebloc/ingestor-contract';

/** Where a value was written. */
export interface Origin {
  /** A file's path as the user gave it, an environment variable, `flag --table`, `default`, ... */
  source: string;
  /** 1-based; absent outside files. */
  line?: number;
  column?: number;
  /** Absolute folder that relative paths written here start from. */
  folder: string;
}

export type Scalar = string | number | boolean | null;

interface Placed {
  origin: Origin;
  /** Where the key stands that this value belongs to. */
  keyOrigin?: Origin;
}
/** `text` is the scalar as written, so that `007` can stay `007`. */
export type LocatedScalar = Placed & { kind: 'scalar'; value: Scalar; text: string };
export type LocatedList = Placed & { kind: 'list'; items: Located[] };
/** A `Map` rather than an object, since objects move keys that look like integers to the front. */
export type LocatedMap = Placed & { kind: 'map'; entries: Map<string, Located> };

/** A configuration document in which every value knows where it was written. */
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

/** The map at `path`, or nothing when there is none or it is something else. */
export function findMap(node: Located | undefined, path: Path): LocatedMap | undefined {
  const found = find(node, path);
  return found?.kind === 'map' ? found : undefined;
}

/** The string at `path`, or nothing when there is none or it is something else. */
export function findText(node: Located | undefined, path: Path): string | undefined {
  const found = find(node, path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** The deepest value on the way to `path` that exists. */
export function deepest(node: Located, path: Path): Located {
  let found = node;
  for (const key of path) {
    const next = child(found, key);
    if (!next) break;
    found = next;
  }
  return found;
}

/** Removes the value at `path`; where that is an item of a list, the entry that holds the list. */
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
