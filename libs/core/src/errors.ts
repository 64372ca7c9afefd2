/** Exit codes of a run, as the environment's reference states them. */
export const ExitCode = { ok: 0, failed: 1, usage: 2, invalidData: 3, interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface IngestorErrorOptions {
  /** Stable, in kebab-case; documented. */
  code: string;
  message: string;
  /** What to try, one step a line. */
  fix: string | readonly string[];
  exitCode?: ExitCode;
  cause?: unknown;
}

/** Marks the errors of every copy of this package with the names of their classes. */
const BRAND = Symbol.for('tracebloc.ingestor-error');

/**
 * Something that can be expected to go wrong: it carries what happened and what to try. Any other error class that
 * reaches the user is a bug in this program.
 */
export class IngestorError extends Error {
  readonly [BRAND]: readonly string[];
  readonly code: string;
  readonly fix: readonly string[];
  readonly exitCode: ExitCode;

  constructor({ code, message, fix, exitCode = ExitCode.failed, cause }: IngestorErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'IngestorError';
    this[BRAND] = classNames(new.target);
    this.code = code;
    this.fix = typeof fix === 'string' ? [fix] : fix;
    this.exitCode = exitCode;
  }

  /** Is true of the same class of another copy of this package too: a plugin that is installed by itself brings its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      typeof value === 'object' &&
      value !== null &&
      BRAND in value &&
      (value as IngestorError)[BRAND].includes(this.name)
    );
  }
}

/** Returns the names of a class and of those that it extends, up to `IngestorError`. */
function classNames(type: { name: string }): string[] {
  const names: string[] = [];
  for (let next = type; next !== Error && next.name !== ''; next = Object.getPrototypeOf(next) as { name: string }) {
    names.push(next.name);
  }
  return names;
}

/** The run was asked to stop (SIGINT, SIGTERM, or the caller's AbortSignal). */
export class InterruptedError extends IngestorError {
  constructor(message = 'The run was interrupted.') {
    super({
      code: 'interrupted',
      message,
      fix: 'Run the same command again: it continues at the last committed batch.',
      exitCode: ExitCode.interrupted,
    });
    this.name = 'InterruptedError';
  }
}
