import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from '../errors/catalogue.js';

const AGAIN = 'run the same command again: it continues where it was interrupted.';

interface Meaning {
  code: 'storage-full' | 'storage-not-writable' | 'storage-failed';
  /** Completes the sentence that begins with the volume. */
  what: string;
  fix: string;
}

/** What a failure of the volume means to the user, by the system's code. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: { code: 'storage-full', what: 'is full', fix: `Free space on the volume, then ${AGAIN}` },
  EDQUOT: { code: 'storage-full', what: 'has used up its quota', fix: `Raise the quota, then ${AGAIN}` },
  EACCES: {
    code: 'storage-not-writable',
    what: 'is not writable for this user',
    fix: 'Give the user of the run write access, or set STORAGE_PATH to another folder.',
  },
  EPERM: {
    code: 'storage-not-writable',
    what: 'is not writable for this user',
    fix: 'Give the user of the run write access, or set STORAGE_PATH to another folder.',
  },
  EROFS: {
    code: 'storage-not-writable',
    what: 'is mounted read-only',
    fix: 'Mount it writable, or set STORAGE_PATH to another folder.',
  },
};

/**
 * Runs work on the shared volume at `storage` and turns the system's errors into `IngestorError`s. `source` is the file
 * that is being copied, if any.
 */
export async function guardVolume<T>(storage: string, work: () => Promise<T>, source?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isSystemError(error) ? volumeError(error, storage, source) : error;
  }
}

/** Does the same as `guardVolume` for what is read piece by piece. */
export async function* guardReading<T>(storage: string, pieces: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* pieces;
  } catch (error) {
    throw isSystemError(error) ? volumeError(error, storage) : error;
  }
}

function volumeError(error: NodeJS.ErrnoException, storage: string, source?: string): IngestorError {
  if (source !== undefined && error.path === source && error.code !== 'ENOSPC') {
    return STORAGE_ERRORS.make('source-unreadable', {
      message: `${source} could not be copied (${error.code}): it changed or disappeared after it was checked.`,
      fix: `Restore the file, then ${AGAIN}`,
      cause: error,
    });
  }
  const { code, what, fix }: Meaning = MEANINGS[error.code!] ?? {
    code: 'storage-failed',
    what: `failed (${error.code}, ${error.syscall ?? 'unknown call'})`,
    fix: `Check the volume, then ${AGAIN}`,
  };
  return STORAGE_ERRORS.make(code, { message: `The shared volume at ${storage} ${what}.`, fix, cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as Partial<NodeJS.ErrnoException> | null)?.syscall === 'string';
}
