import { UnusableInput } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import { UnreadableError, makeFinding } from '../findings/findings.js';

/** The first bytes of formats that are not text. */
const SIGNATURES: readonly { bytes: readonly number[]; is: string; fix: string }[] = [
  { bytes: [0x1f, 0x8b], is: 'a gzip archive', fix: 'Unpack it with `gunzip`.' },
  {
    bytes: [0x50, 0x4b, 3, 4],
    is: 'a ZIP archive or an Office document',
    fix: 'Unpack it, or save it as plain text in UTF-8 (a sheet: as "CSV UTF-8").',
  },
];

/** Returns the error to throw for a path that cannot be read. Other errors than `UnusableInput` are returned as they are. */
export function unusable(path: string, cause: unknown): unknown {
  if (!(cause instanceof UnusableInput)) return cause;
  const message = `${path} ${cause.message}.`;
  switch (cause.why) {
    case 'missing':
      return DATASET_ERRORS.make('file-not-found', {
        message: `There is no file ${path}.`,
        fix: 'Correct the path.',
        cause,
      });
    case 'kind': {
      const fix = 'Use the path of a regular file; a pipe cannot be read more than once.';
      return DATASET_ERRORS.make('not-a-file', { message, fix, cause });
    }
    case 'system':
      return DATASET_ERRORS.make('system-file', { message, fix: 'Use the path of a file with data.', cause });
    default:
      return DATASET_ERRORS.make('file-unreadable', { message, fix: 'Check the permissions of the file.', cause });
  }
}

/** Throws `UnreadableError` if the first bytes of a file are those of a format that is not text. */
export function refuseOtherFormats(bytes: Uint8Array): void {
  const known = SIGNATURES.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
  if (known) refuse(known.is, known.fix);
}

/** Throws `UnreadableError` for a file that is something else than text. */
export function refuse(is: string, fix: string): never {
  throw new UnreadableError(
    makeFinding('not-utf8', { message: `The file is ${is}, not UTF-8 text, from byte offset 0 on.`, fix }),
  );
}
