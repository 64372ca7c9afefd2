import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import type { PairValidation, ValidationResult } from '@tracebloc/ingestor-pipeline';

/** Fails before anything is read where the report could not be written after it. */
export async function checkReportPath(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  try {
    await access(dirname(resolve(path)), constants.W_OK);
  } catch (cause) {
    throw new IngestorError({
      code: 'report-not-writable',
      message: `The report ${path} cannot be written: ${(cause as NodeJS.ErrnoException).code}.`,
      fix: 'Name a file in a folder that exists and can be written to.',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}

export async function writeReport(
  path: string | undefined,
  result: PairValidation | ValidationResult | undefined,
): Promise<void> {
  if (path !== undefined && result) await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
}
