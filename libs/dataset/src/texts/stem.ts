import { extname } from 'node:path';
import { isUnsafe, MAX_NAME } from '../files/file-names.js';
import type { FileReference } from '../files/sidecar-folder.js';
import { reportFinding } from '../findings/findings.js';
import { TEXT_EXTENSIONS } from './options.js';

/**
 * Returns the name that a row gives its text, without its extension and in composed form (NFC). Reports a name that cannot be
 * one of a file, and returns `undefined`.
 */
export function readStem(cell: string, extension: string, place: FileReference): string | undefined {
  const { report, file, row, column } = place;
  const name = cell.trim();
  const refuse = (code: Parameters<typeof reportFinding>[1], message: string, expected: string): undefined => {
    reportFinding(report, code, () => ({ message, file, row, column, value: cell, expected }));
    return undefined;
  };
  if (name === '') {
    refuse('missing-filename', 'The row names no file.', 'a name for the text');
    return;
  }
  if (isUnsafe(name)) {
    refuse('unsafe-filename', 'The name leads to a place outside its folder.', 'the name of a file');
    return;
  }
  const own = extname(name);
  const stem = (TEXT_EXTENSIONS.includes(own.toLowerCase()) ? name.slice(0, -own.length) : name).normalize();
  if (Buffer.byteLength(stem + extension) > MAX_NAME) {
    const message = 'The name is too long in composed form (Unicode NFC), in which it would be stored.';
    refuse('filename-too-long', message, `at most ${MAX_NAME} bytes`);
    return;
  }
  return stem;
}
