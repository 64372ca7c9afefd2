import { existsSync } from 'node:fs';
import { access, constants, statfs, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IngestorError } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';

/** Rows take more room in a database than in a file: fixed columns, the index on data_id, and the log while staging. */
const ROOM_PER_SOURCE_BYTE = 3;

/** Proves, before anything is read, that the embedded database's folder can be written to or made, and has room. */
export async function checkVolume(config: RunConfig): Promise<void> {
  if (config.database.kind !== 'sqlite') return;
  const folder = dirname(config.database.file);
  const present = nearestPresent(folder);
  try {
    await access(present, constants.W_OK);
  } catch (cause) {
    throw new IngestorError({
      code: 'storage-not-writable',
      message: `The storage folder ${folder} cannot be written to (${(cause as NodeJS.ErrnoException).code}).`,
      fix: 'Mount the shared volume there writable, or name another folder with STORAGE_PATH or --storage.',
      cause,
    });
  }
  const { bavail, bsize } = await statfs(present);
  const needed = (await stat(config.source.path)).size * ROOM_PER_SOURCE_BYTE;
  if (bavail * bsize < needed) {
    throw new IngestorError({
      code: 'storage-full',
      message: `The volume of ${folder} has ${mebibytes(bavail * bsize)} MiB free; this dataset may need ${mebibytes(needed)} MiB.`,
      fix: 'Free space on the volume, or name another folder with STORAGE_PATH or --storage.',
    });
  }
}

/** The folder, or what of the path to it is there already. */
function nearestPresent(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestPresent(dirname(folder));
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(0);
}
