/** The exit codes of the command line. */
export const ExitCode = { ok: 0, failed: 1, usage: 2, invalidData: 3, interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface IngestorErrorOptions {
  /** A stable name in kebab-case, which `docs/errors.md` lists. */
  code: string;
  message: string;
  /** What the user can do, one step an entry. */
  fix: string | readonly string[];
  /** Default: `ExitCode.failed`. */
  exitCode?: ExitCode;
  cause?: unknown;
}

/** All copies of this package that a process has loaded share this symbol. */
const BRAND = Symbol.for('tracebloc.ingestor-error');

/**
 * A failure that can be expected. Its message says what happened and its `fix` what the user can do. An error of any
 * other class that reaches the user is a bug in this program.
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

  /** Recognizes errors of another copy of this package too, since a plugin may bring its own copy. */
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
