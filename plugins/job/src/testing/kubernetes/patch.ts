import { StatusError } from './status.js';

type Json = Record<string, unknown>;

/** Applies a merge patch, or a strategic merge patch whose lists consist of named objects, and returns the result. */
export function applyPatch<T extends object>(object: T, patch: unknown, contentType: string): T {
  if (/^application\/(merge|strategic-merge)-patch\+json/.test(contentType)) return merge(object, patch) as T;
  throw new StatusError(415, `the body of the request was in an unknown format: ${contentType}`);
}

function merge(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return Array.isArray(target) ? mergeLists(target, patch) : patch;
  if (!isMap(patch)) return patch;
  const result = new Map(isMap(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) result.delete(key);
    else result.set(key, merge(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function mergeLists(target: unknown[], patch: unknown[]): unknown[] {
  if (![...target, ...patch].every((item) => isMap(item) && 'name' in item)) return patch;
  const merged = new Map((target as Json[]).map((item) => [item.name, item]));
  for (const item of patch as Json[]) merged.set(item.name, merge(merged.get(item.name), item) as Json);
  return [...merged.values()];
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
