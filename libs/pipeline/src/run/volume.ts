import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunConfig } from '@tracebloc/ingestor-config';
import type { Database, FileStaging } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import { bytesIn } from '../read/list-files.js';

/** Rows need more space in a database than in a file: fixed columns, the index on data_id, and the log while staging. */
const ROOM_PER_SOURCE_BYTE = 3;

/** Throws `storage-full` if the embedded database and its volume have too little free space for the dataset's rows. */
export async function checkRoom(config: RunConfig, database: Database): Promise<void> {
  if (config.database.kind !== 'sqlite') return;
  const folder = dirname(config.database.file);
  await requireRoom(folder, (await sizeOf(config)) * ROOM_PER_SOURCE_BYTE, await database.freeBytes());
}

/** Throws `storage-full` if the shared volume has too little free space for the files that are not copied yet. */
export async function checkRoomForFiles(config: RunConfig, staged: FileStaging): Promise<void> {
  const { task, source, storage, options } = config;
  if (await staged.sharesBlocks(source.parts?.[0] ?? source.path)) return;
  let needed = -(await staged.size());
  for (const { field, rewritten } of task.layout.sidecars) {
    const folder = source.sidecars[field];
    if (folder === undefined || (typeof rewritten === 'function' ? rewritten(options) : rewritten)) continue;
    needed += await bytesIn(folder);
  }
  await requireRoom(storage.path, needed);
}

/** Returns the bytes of the manifest. */
async function sizeOf({ source: { path, parts = [path] } }: RunConfig): Promise<number> {
  let size = 0;
  for (const part of parts) size += (await stat(part)).size;
  return size;
}

async function requireRoom(folder: string, needed: number, free = 0): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const room = bavail * bsize + free;
  if (room >= needed) return;
  throw errors.make('storage-full', {
    message: `The volume of ${folder} has ${mebibytes(room)} MiB free; this dataset may need ${mebibytes(needed)} MiB.`,
    fix: 'Free space on the volume, or name another folder with STORAGE_PATH or --storage.',
  });
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(0);
}
