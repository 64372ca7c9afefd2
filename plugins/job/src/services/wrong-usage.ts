import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';

export function wrongUsage(message: string, fix: string | readonly string[]): IngestorError {
  return new IngestorError({ code: 'wrong-usage', message, fix, exitCode: ExitCode.usage });
}
