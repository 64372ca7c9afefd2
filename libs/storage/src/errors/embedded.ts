import type { IngestorError } from '@tracebloc/ingestor-core';
import { STORAGE_ERRORS } from './catalogue.js';

export function notWritable(path: string, reason: string): IngestorError {
  return STORAGE_ERRORS.make('storage-not-writable', {
    message: `The embedded database "${path}" cannot be written (${reason}).`,
    fix: [
      'Check that its folder exists or can be created, belongs to this user, is not read-only and has space.',
      'Or set STORAGE_PATH to another folder; with --local, run the command in another folder.',
    ],
  });
}

export function notReadable(path: string, reason: string): IngestorError {
  return STORAGE_ERRORS.make('storage-not-readable', {
    message: `The embedded database "${path}" cannot be read (${reason}).`,
    fix: [
      'Check that this user may read the file and its folder.',
      'If a run was interrupted before the volume became read-only, run any command once while it can be written.',
    ],
  });
}

/** A run wrote to something that is no longer there. `what` begins the sentence and names the path. */
export function storageLost(what: string): IngestorError {
  return STORAGE_ERRORS.make('storage-lost', {
    message: `${what} was removed or replaced during use, or its volume was unmounted: what was written is not there.`,
    fix: [
      'Find out what removes files or unmounts the volume, and restore what was there.',
      'Then run the same command again: it continues with what it finds, or starts from the beginning.',
    ],
  });
}
