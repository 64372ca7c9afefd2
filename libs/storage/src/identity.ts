import { statSync } from 'node:fs';

/**
 * Tells the file or folder at the path from every other that may be there; undefined where there is none. As long as it is
 * open, no other has its number; `exact` tells it from others of that number too, where the volume keeps times of birth.
 */
export function identityOf(path: string, exact = false): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}${exact ? `:${stat.birthtimeNs}` : ''}`;
}
