import { ux } from '@oclif/core';
import { IngestorError } from '@tracebloc/ingestor-contract';
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

export function errorJson(error: Error): { error: Record<string, JsonValue> } {
  if (error instanceof IngestorError) {
    const { code, message, fix, exitCode } = error;
    const problems = (error as { problems?: JsonValue }).problems;
    return { error: { code, message, fix: [...fix], exitCode, ...(problems === undefined ? {} : { problems }) } };
  }
  return { error: { code: 'bug', message: error.message } };
}
