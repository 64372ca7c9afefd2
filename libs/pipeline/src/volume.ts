import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';

/** Rows take more room in a database than in a file: fixed columns, the index on data_id, and the log while staging. */
const ROOM_PER_SOURCE_BYTE = 3;

/** Proves, before anything is read, that the volume of the embedded database, which is open, has room. */
export async function checkRoom(config: RunConfig): Promise<void> {
  if (config.database.kind !== 'sqlite') return;
  const folder = dirname(config.database.file);
  const { bavail, bsize } = await statfs(folder);
  const needed = (await stat(config.source.path)).size * ROOM_PER_SOURCE_BYTE;
  if (bavail * bsize < needed) {
    throw new IngestorError({
      code: 'storage-full',
      message: `The volume of ${folder} has ${mebibytes(bavail * bsize)} MiB free; this dataset may need ${mebibytes(needed)} MiB.`,
      fix: 'Free space on the volume, or name another folder with STORAGE_PATH or --storage.',
    });
  }
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(0);
}
