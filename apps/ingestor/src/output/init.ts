import { relative } from 'node:path';
import { printableLine } from '@tracebloc/ingestor-core';
import type { InitResult } from '../services/init/init.js';
import { renderFindings } from './report.js';

/** Renders the findings, the text of the file if nothing was written, or the next command. */
export function renderInit(result: InitResult): string {
  if (result.outcome === 'invalid') {
    return [...renderFindings(result), 'The table cannot be described until these errors are corrected.'].join('\n\n');
  }
  if (result.outcome === 'shown') return result.yaml.trimEnd();
  const file = printableLine(relative(process.cwd(), result.file));
  const wrote = `Wrote ${file}. Look through it, then: ingestor validate --config ${file}`;
  return [...result.alternatives.map((one) => printableLine(`Check how the table is read: ${one}`)), wrote].join('\n');
}
