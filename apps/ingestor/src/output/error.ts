import { ux } from '@oclif/core';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import type { JsonValue } from '@tracebloc/ingestor-contract';

/** An expected error as text: what happened, then what to try. */
export function renderError(error: IngestorError): string {
  const lines = [`${ux.colorize('red', 'Error:')} ${error.message}`];
  if (error.fix.length > 0) lines.push('', ...error.fix.map((step) => `  ${step}`));
  return lines.join('\n');
}

/** A defect of this program: anything that is not an `IngestorError`. */
export function renderBug(error: Error): string {
  return [
    `${ux.colorize('red', 'Error:')} ingestor failed in a way that it should not. Please report this with the lines below.`,
    '',
    error.stack ?? error.message,
  ].join('\n');
}

/** `clean` takes out of a text what must not be shown. */
export function errorJson(error: Error, clean: (text: string) => string): { error: Record<string, JsonValue> } {
  const message = clean(error.message);
  if (!(error instanceof IngestorError)) return { error: { code: 'bug', message, exitCode: ExitCode.failed } };
  const { code, fix, exitCode } = error;
  const problems = (error as { problems?: JsonValue }).problems;
  return { error: { code, message, fix: fix.map(clean), exitCode, ...(problems === undefined ? {} : { problems }) } };
}
