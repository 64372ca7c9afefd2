import { IngestorError } from '@tracebloc/ingestor-core';

const AGAIN = 'run the same command again: it continues where it was cut off.';

/** What a failure of the volume means to people, by the system's code. */
const MEANINGS: Readonly<Record<string, { code: string; what: string; fix: string }>> = {
  ENOSPC: { code: 'storage-full', what: 'is full', fix: `Free space on the volume, then ${AGAIN}` },
  EDQUOT: { code: 'storage-full', what: 'has used up its quota', fix: `Raise the quota, then ${AGAIN}` },
  EACCES: {
    code: 'storage-not-writable',
    what: 'may not be written by this user',
    fix: 'Give the user of the run write access, or name another folder with STORAGE_PATH.',
  },
  EPERM: {
    code: 'storage-not-writable',
    what: 'may not be written by this user',
    fix: 'Give the user of the run write access, or name another folder with STORAGE_PATH.',
  },
  EROFS: {
    code: 'storage-not-writable',
    what: 'is mounted read-only',
    fix: 'Mount it writable, or name another folder with STORAGE_PATH.',
  },
};

/**
 * Runs work on the shared volume at `storage` and turns what fails there into an `IngestorError`. `source` is the file
 * that is being copied, where one is.
 */
export async function guardVolume<T>(storage: string, work: () => Promise<T>, source?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isSystemError(error) ? volumeError(error, storage, source) : error;
  }
}

/** As `guardVolume`, for what is read there piece by piece. */
export async function* guardReading<T>(storage: string, pieces: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* pieces;
  } catch (error) {
    throw isSystemError(error) ? volumeError(error, storage) : error;
  }
}

function volumeError(error: NodeJS.ErrnoException, storage: string, source?: string): IngestorError {
  if (source !== undefined && error.path === source && error.code !== 'ENOSPC') {
    return new IngestorError({
      code: 'source-unreadable',
      message: `${source} could not be copied (${error.code}): it changed or went away after it was checked.`,
      fix: `Restore the file, then ${AGAIN}`,
      cause: error,
    });
  }
  const { code, what, fix } = MEANINGS[error.code!] ?? {
    code: 'storage-failed',
    what: `failed (${error.code}, ${error.syscall ?? 'unknown call'})`,
    fix: `Check the volume, then ${AGAIN}`,
  };
  return new IngestorError({ code, message: `The shared volume at ${storage} ${what}.`, fix, cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as Partial<NodeJS.ErrnoException> | null)?.syscall === 'string';
}
