import { relative } from 'node:path';
import { printableLine } from '@tracebloc/ingestor-core';
import type { InitResult } from '../services/init/init.js';
import { type ReportLayout, renderFindings } from './report.js';

/** Renders the findings, the file's text where nothing was written, or the command that comes next. */
export function renderInit(result: InitResult, layout: ReportLayout): string {
  if (result.outcome === 'invalid') {
    return [...renderFindings(result, layout), 'The table cannot be described before these are mended.'].join('\n\n');
  }
  if (result.outcome === 'shown') return result.yaml.trimEnd();
  const file = printableLine(relative(process.cwd(), result.file));
  return `Wrote ${file}. Look through it, then: ingestor validate --config ${file}`;
}
