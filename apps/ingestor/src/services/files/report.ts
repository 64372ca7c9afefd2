import { printable } from '@tracebloc/ingestor-core';
import type { TrainTestValidation, ValidationResult } from '@tracebloc/ingestor-pipeline';
import { OutputFile } from './output-file.js';
import { refuseInput, type Inputs } from './guard.js';
import { makeError } from '../../errors.js';

/** Throws if the report could not be written, or would replace an input. Call it before anything is read. */
export async function checkReportPath(path: string | undefined, inputs: Inputs): Promise<void> {
  if (path === undefined) return;
  await refuseInput(path, inputs, 'Name another file with --report.');
  await new OutputFile(path).probe().catch((cause: unknown) => {
    throw makeError('report-not-writable', {
      message: unwritten(path, cause),
      fix: 'Name a file in a folder that exists, can be written to and has room.',
      cause,
    });
  });
}

/** Returns false after it has said why, if the report cannot be written after all. The run itself is not undone. */
export async function writeReport(
  path: string | undefined,
  result: TrainTestValidation | ValidationResult | undefined,
  tell: (text: string) => void,
): Promise<boolean> {
  if (path === undefined || !result) return true;
  try {
    await new OutputFile(path).write(`${printable(JSON.stringify(result, null, 2))}\n`);
    return true;
  } catch (error) {
    tell(`Error: ${unwritten(path, error)}`);
    return false;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'there is no room left',
  EDQUOT: 'there is no room left',
};

function unwritten(path: string, cause: unknown): string {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  return `The report ${path} cannot be written: ${REASONS[code] ?? code} (${code}).`;
}
