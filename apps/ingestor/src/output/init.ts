import { relative } from 'node:path';
import { listNames, printableLine } from '@tracebloc/ingestor-core';
import type { InitResult } from '../services/init/init.js';
import { renderFindings } from './report.js';

/** Renders the findings, the text of the file if nothing was written, or the next command. */
export function renderInit(result: InitResult): string {
  if (result.outcome === 'invalid') {
    return [...renderFindings(result), 'The table cannot be described until these errors are corrected.'].join('\n\n');
  }
  if (result.outcome === 'shown') return result.yaml.trimEnd();
  const file = printableLine(relative(process.cwd(), result.file));
  const { encoding, otherEncodings = [] } = result;
  const guess =
    otherEncodings.length > 0
      ? `The encoding ${encoding} is a guess; ${listNames(otherEncodings)} fits too, so check a few words.\n`
      : '';
  return `${guess}Wrote ${file}. Look through it, then: ingestor validate --config ${file}`;
}
