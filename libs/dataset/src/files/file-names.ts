import { extname } from 'node:path';

/** The most bytes of a name on common volumes. Composition makes most names shorter, and some longer. */
export const MAX_NAME = 255;

export const extensionOf = (name: string): string => extname(name).toLowerCase();
export const stemOf = (name: string): string => name.slice(0, name.length - extname(name).length);

/**
 * Returns a key that is equal for names that would be stored as one. Where possible it is the name itself, so that the
 * names of a large folder are in memory only once.
 */
export function keyOf(name: string): string {
  const key = stemOf(name).normalize() + extensionOf(name);
  return key === name ? name : key;
}

/** Whether a name fits on common volumes in composed form. */
export const isShort = (name: string): boolean => Buffer.byteLength(keyOf(name)) <= MAX_NAME;

/** Whether a name is a path, or no file name at all. */
export function isUnsafe(name: string): boolean {
  return /[/\\\0]/.test(name) || name === '.' || name === '..';
}
