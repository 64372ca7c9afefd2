import { ExitCode, IngestorError, type IngestorErrorOptions } from './errors.js';

/** Describes one code of an `IngestorError`. */
export interface ErrorCode {
  /** A stable name in kebab-case. */
  code: string;
  /** One sentence that says when the error is thrown. */
  meaning: string;
  exitCode: ExitCode;
}

export type ErrorDetails = Omit<IngestorErrorOptions, 'code' | 'exitCode'>;

/** The errors of one package, by their codes. */
export interface ErrorCatalogue<Code extends string> {
  /** All entries; `docs/errors.md` is generated from them. */
  list: readonly ErrorCode[];
  /** Returns an error with its code's documented exit code. */
  make: (code: Code, details: ErrorDetails) => IngestorError;
  /** Returns the options for the constructor of a subclass of `IngestorError`, which callers catch by its class. */
  options: (code: Code, details: ErrorDetails) => IngestorErrorOptions;
}

/** Defines the errors that a package throws. `exitCode` is `ExitCode.failed` where an entry has none. */
export function defineErrors<Code extends string>(
  entries: Readonly<Record<Code, { meaning: string; exitCode?: ExitCode }>>,
): ErrorCatalogue<Code> {
  const exitCodeOf = (code: Code): ExitCode => entries[code].exitCode ?? ExitCode.failed;
  const options = (code: Code, details: ErrorDetails): IngestorErrorOptions => ({
    ...details,
    code,
    exitCode: exitCodeOf(code),
  });
  return {
    list: (Object.keys(entries) as Code[]).map((code) => ({
      code,
      meaning: entries[code].meaning,
      exitCode: exitCodeOf(code),
    })),
    make: (code, details) => new IngestorError(options(code, details)),
    options,
  };
}
