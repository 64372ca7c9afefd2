import { statSync } from 'node:fs';

/**
 * Returns a text that identifies the file or folder at the path, or undefined if there is none or it is not accessible.
 * Numbers of files are used again after their removal, unless the file is still open. With `exact` the time of creation
 * is included, if the volume keeps it.
 */
export function identityOf(path: string, exact = false): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
    return `${dev}:${ino}${exact ? `:${birthtimeNs}` : ''}`;
  } catch {
    return undefined;
  }
}
