import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { errors } from '../errors.js';
import { hasFiles } from './run-context.js';
import type { Stores } from '../stores.js';

/** Throws `source-in-target` if publishing, or the run itself, would destroy or change the source. */
export async function refuseSourceInTarget(config: RunConfig, { folders }: Stores): Promise<void> {
  const { table, source, storage, database } = config;
  const root = await realPath(storage.path);
  const own = join(root, '.ingestor');
  // If the dataset has no files, a folder of that name is only replaced when it belongs to a dataset.
  const target = hasFiles(config) || (await folders.ownerOf(table)) !== undefined ? join(root, table) : undefined;
  const sidecars = Object.values(source.sidecars);
  for (const path of [...(source.parts ?? [source.path]), ...sidecars]) {
    // Both a link and the file that it leads to could be destroyed.
    for (const real of [await realPath(path), join(await realPath(dirname(path)), basename(path))]) {
      if (isWithin(real, own)) throw inTarget(path, `lies in ${own}, which is reserved for this program`);
      if (target !== undefined && isWithin(real, target)) {
        throw inTarget(path, `lies in ${target}, which is replaced when the dataset is published`);
      }
    }
  }
  if (database.kind !== 'sqlite') return;
  const file = join(await realPath(dirname(database.file)), basename(database.file));
  for (const folder of sidecars) {
    if ((await realPath(folder)) !== dirname(file)) continue;
    throw inTarget(folder, `holds the embedded database ${file}, which changes while the source is read`);
  }
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function inTarget(path: string, where: string): IngestorError {
  return errors.make('source-in-target', {
    message: `The source ${path} ${where}.`,
    fix: 'Copy the source to another folder, and use that copy.',
  });
}
