import * as fs from 'node:fs';
import { sep } from 'node:path';
import type { VolumeSpeed } from '@tracebloc/ingestor-core/volume-speed';
import { readSmallStored } from '../small-file.js';

/** New files of one folder, whose bytes follow each other in `bytes`. */
export interface FileBatch {
  folder: string;
  names: readonly string[];
  /** The offset in `bytes` of the end of each file. */
  ends: readonly number[];
  bytes: Uint8Array;
}

/** Files of a folder with the sha256 in hexadecimal that each should have. */
export interface ExpectedFiles {
  folder: string;
  files: readonly { name: string; digest: string }[];
}

/**
 * Writes new files under their own names, which are therefore known to be complete only when all are written. Returns the positions of
 * those that were not written: something has the name, the system refused a call, or the volume is slow.
 */
export function writeBatch({ folder, names, ends, bytes }: FileBatch, speed: VolumeSpeed): number[] {
  const failed: number[] = [];
  let from = 0;
  for (let index = 0; index < names.length; index++) {
    const content = bytes.subarray(from, (from = ends[index]!));
    if (!speed.run(() => writeNew(folder + sep + names[index]!, content))) failed.push(index);
  }
  return failed;
}

/** Returns whether the file was written. Does not leave a part of it. */
function writeNew(path: string, content: Uint8Array): boolean {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'wx');
    let written = 0;
    while (written < content.length) written += fs.writeSync(fd, content, written);
    return true;
  } catch {
    if (fd !== undefined) fs.rmSync(path, { force: true });
    return false;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/**
 * Reads small files of a dataset's folder. Returns the size of each in bytes, or -1 for those that are not small, cannot be read, have
 * another sha256, or were not read because the volume is slow.
 */
export function compareBatch({ folder, files }: ExpectedFiles, speed: VolumeSpeed): number[] {
  return files.map(({ name, digest }) => {
    const found = speed.run(() => readSmallStored(folder + sep + name));
    return found?.digest === digest ? found.bytes : -1;
  });
}
