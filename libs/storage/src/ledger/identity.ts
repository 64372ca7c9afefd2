import { statSync } from 'node:fs';

/**
 * Tells the file or folder at the path from every other that may be there; undefined where none can be looked at. As long
 * as it is open, no other has its number. `exact` also tells it from others of that number, where the volume keeps times
 * of birth.
 */
export function identityOf(path: string, exact = false): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
    return `${dev}:${ino}${exact ? `:${birthtimeNs}` : ''}`;
  } catch {
    return undefined;
  }
}
