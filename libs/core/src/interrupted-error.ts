import { defineErrors } from './define-errors.js';
import { ExitCode, IngestorError, type IngestorErrorOptions } from './errors.js';

/** The errors that this package throws. */
export const CORE_ERRORS = defineErrors({
  interrupted: {
    meaning: 'The command was stopped by SIGINT, by SIGTERM or by the AbortSignal of its caller.',
    exitCode: ExitCode.interrupted,
  },
});

/** The work was stopped by SIGINT, by SIGTERM or by the AbortSignal of its caller. */
export class InterruptedError extends IngestorError {
  constructor(
    message = 'The run was interrupted.',
    {
      fix = 'Run the same command again: it continues at the last committed batch.',
      cause,
    }: Partial<Pick<IngestorErrorOptions, 'fix' | 'cause'>> = {},
  ) {
    super(CORE_ERRORS.options('interrupted', { message, fix, cause }));
    this.name = 'InterruptedError';
  }
}
