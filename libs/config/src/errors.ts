import { ExitCode, IngestorError, shortenName } from '@tracebloc/ingestor-core';
import type { Origin } from './yaml/located.js';
import type { ConfigProblem } from './types.js';

/** Problems that a message shows; `ConfigError.problems` holds them all. */
const SHOWN = 25;

/** Everything that is wrong with a run's configuration; exit code 2. */
export class ConfigError extends IngestorError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], code = 'invalid-configuration') {
    super({
      code,
      message: describeProblems(problems),
      fix: 'Correct the points above and run the same command again; nothing has been read or written.',
      exitCode: ExitCode.usage,
    });
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The category is none of the installed tasks; other problems may come with it. */
export class UnknownTaskError extends ConfigError {
  readonly taskId: string;

  constructor(taskId: string, problems: readonly ConfigProblem[]) {
    super(problems, 'unknown-task');
    this.name = 'UnknownTaskError';
    this.taskId = taskId;
  }
}

/** `ingest.yaml:4:8 field: what — fix`. */
export function formatProblem({ source, line, column, field, message, fix }: ConfigProblem): string {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  // A flag or a variable names its field already.
  const named =
    field !== undefined && !/^(flag --|[A-Z][A-Z_]*$)/.test(source) ? `${place} ${shortenName(field)}` : place;
  return `${named}: ${message} — ${fix}`;
}

export function problemAt(origin: Origin, field: string | undefined, message: string, fix: string): ConfigProblem {
  const { source, line, column } = origin;
  return { source, line, column, field, message, fix };
}

/** Problems of files first, in their order; the rest as found. */
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
