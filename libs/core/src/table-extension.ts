import { extname } from 'node:path';

/** Returns the extension of a file, in lower case and with the dot, without the `.gz` that may follow it. */
export function tableExtension(path: string): string {
  return extname(path.replace(/\.gz$/i, '')).toLowerCase();
}
