import { ux } from '@oclif/core';
import { ExitCode, IngestorError, printable, printableLine } from '@tracebloc/ingestor-core';
import type { JsonValue } from '@tracebloc/ingestor-contract';
import { terminalWidth, wrapText } from './width.js';

/** Removes from a text what must not be shown. */
type Clean = (text: string) => string;

/** Renders an expected error: what happened, then what to try. Lines are broken at `width` cells, if it is given. */
export function renderError(
  { message, fix }: Pick<IngestorError, 'message' | 'fix'>,
  clean: Clean,
  width = terminalWidth(process.stderr),
): string {
  const lines = [`${ux.colorize('red', 'Error:')} ${messageLines(clean(message))}`];
  if (fix.length > 0) lines.push('', ...fix.map((step) => `  ${printableLine(clean(step))}`));
  return wrapLines(lines.join('\n'), width);
}

/** Renders what oclif says about wrong flags and arguments. */
export function renderUsageError(message: string, width = terminalWidth(process.stderr)): string {
  return wrapLines(`Error: ${messageLines(message)}`, width);
}

/** Breaks each line at spaces; what follows is indented further than its beginning. */
function wrapLines(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const wrap = (line: string) => wrapText(line, width, line.length - line.trimStart().length + 2);
  return text.split('\n').map(wrap).join('\n');
}

/** Renders a bug of this program: any error that is not an `IngestorError`. */
export function renderBug(error: Error, clean: Clean): string {
  return [
    `${ux.colorize('red', 'Error:')} ingestor failed in a way that it should not. Please report this with the lines below.`,
    '',
    messageLines(clean(error.stack ?? error.message)),
  ].join('\n');
}

/** Indents the lines after the first and drops empty ones, so that a server's text does not look like our output. */
export function messageLines(message: string): string {
  const lines = printable(message)
    .split('\n')
    .filter((line, index) => index === 0 || line.trim() !== '');
  return lines.map((line, index) => (index === 0 || line.startsWith('  ') ? line : `  ${line}`)).join('\n');
}

export function errorJson(error: Error, clean: Clean): { error: Record<string, JsonValue> } {
  const message = clean(error.message);
  if (!(error instanceof IngestorError)) return { error: { code: 'bug', message, exitCode: ExitCode.failed } };
  const { code, fix, exitCode } = error;
  const { problems, questions } = error as { problems?: JsonValue; questions?: JsonValue };
  const details = { ...(problems !== undefined && { problems }), ...(questions !== undefined && { questions }) };
  return { error: { code, message, fix: fix.map(clean), exitCode, ...details } };
}
