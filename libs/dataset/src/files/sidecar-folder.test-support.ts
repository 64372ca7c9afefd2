import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReport } from '../findings/report.js';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { SidecarFolder } from './sidecar-folder.js';

/** A word with an accent in the composed and the decomposed form. */
export const CAFE = { nfc: 'caf\u00e9', nfd: 'cafe\u0301' };

/** Makes a folder `texts` with files, in a temporary folder that also has the file `secret.txt`. */
export function textsFolder(...names: string[]) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'texts');
  mkdirSync(path);
  writeFileSync(join(folder.path, 'secret.txt'), 'secret');
  for (const name of names) writeFileSync(join(path, name), 'text');
  return { path, outside: folder.path, [Symbol.dispose]: folder[Symbol.dispose] };
}

/** Opens a folder. `find` looks up a name as the next row does. */
export async function opened(path: string, extension = '.txt') {
  const folder = await SidecarFolder.open(path, extension);
  const report = createReport();
  let row = 1;
  return {
    folder,
    report,
    find: (named: string) => folder.find(named, { report, file: 'labels.csv', row: ++row, column: 'filename' }),
  };
}
