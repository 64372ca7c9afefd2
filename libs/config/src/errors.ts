import { defineErrors, ExitCode, IngestorError, shortenName } from '@tracebloc/ingestor-core';
import type { Origin } from './yaml/located.js';
import type { ConfigProblem } from './types.js';

/** The errors that this package throws. */
export const CONFIG_ERRORS = defineErrors({
  'invalid-configuration': {
    meaning: 'Flags, environment variables or the configuration file are not valid; the message lists every problem.',
    exitCode: ExitCode.usage,
  },
  'unknown-task': { meaning: 'No installed plugin has the task of the configuration.', exitCode: ExitCode.usage },
  'missing-credentials': {
    meaning: 'The credentials for a Job are not complete in the environment of the command.',
    exitCode: ExitCode.usage,
  },
});

/** The most problems in a message. `ConfigError.problems` contains all of them. */
const SHOWN = 25;

/** Carries all problems of a configuration. */
export class ConfigError extends IngestorError {
  readonly problems: readonly ConfigProblem[];

  constructor(
    problems: readonly ConfigProblem[],
    code: Parameters<typeof CONFIG_ERRORS.options>[0] = 'invalid-configuration',
  ) {
    const fix = 'Correct the points above and run the same command again; nothing has been read or written.';
    super(CONFIG_ERRORS.options(code, { message: describeProblems(problems), fix }));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** No installed plugin has the configured task. The error may carry other problems too. */
export class UnknownTaskError extends ConfigError {
  readonly taskId: string;

  constructor(taskId: string, problems: readonly ConfigProblem[]) {
    super(problems, 'unknown-task');
    this.name = 'UnknownTaskError';
    this.taskId = taskId;
  }
}

/** Returns a line of the form `ingest.yaml:4:8 field: message — fix`. */
export function formatProblem({ source, line, column, field, message, fix }: ConfigProblem): string {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  // The name of a flag or variable also names the field.
  const named =
    field !== undefined && !/^(flag --|[A-Z][A-Z_]*$)/.test(source) ? `${place} ${shortenName(field)}` : place;
  return `${named}: ${message} — ${fix}`;
}

export function problemAt(origin: Origin, field: string | undefined, message: string, fix: string): ConfigProblem {
  const { source, line, column } = origin;
  return { source, line, column, field, message, fix };
}

/** Puts problems with a line first, in the order of the file, and keeps the order of the others. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted(
    (a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0) || 0,
  );
}

function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, SHOWN).map(formatProblem);
  if (problems.length > SHOWN) lines.push(`... and ${problems.length - SHOWN} more`);
  if (lines.length === 1) return `The configuration is not valid: ${lines[0]!}`;
  return [`The configuration has ${problems.length} problems:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
