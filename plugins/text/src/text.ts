import type { Report } from '@tracebloc/ingestor-contract';
import { type SidecarFile, TextSource, UnreadableError } from '@tracebloc/ingestor-dataset';
import { textFindings } from './findings.js';

/** The bytes that are read at a time. */
const CHUNK = 64 * 1024;

/** Checks that a file is UTF-8 text and not only white space. It keeps at most one chunk in memory. */
export async function checkText(
  { path, shown, size }: SidecarFile,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  let isBlank = true;
  try {
    for await (const piece of new TextSource(path, Math.min(size, CHUNK)).pieces(signal)) {
      isBlank &&= piece.trim() === '';
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    report.add({ ...error.finding, file: shown });
    return;
  }
  if (!isBlank) return;
  textFindings.report(report, 'blank-text', () => ({ message: 'The text is only white space.', file: shown }));
}
