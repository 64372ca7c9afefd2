import { relative } from 'node:path';
import { printableLine, shellWord } from '@tracebloc/ingestor-core';
import type { InitResult } from '../services/init/init.js';
import { type ReportLayout, renderFindings } from './report.js';

/** Renders the findings, the text of the file if nothing was written, or the next command. */
export function renderInit(result: InitResult, layout: ReportLayout): string {
  if (result.outcome === 'invalid') {
    return [...renderFindings(result, layout), 'The table cannot be described until these errors are corrected.'].join(
      '\n\n',
    );
  }
  if (result.outcome === 'shown') return result.yaml.trimEnd();
  const file = printableLine(relative(process.cwd(), result.file));
  const next = `Wrote ${file}. Look through it, then: ingestor validate ${shellWord(file)}`;
  return [next, ...result.doubts.map((doubt) => printableLine(doubt))].join('\n\n');
}
