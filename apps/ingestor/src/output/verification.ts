import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { Verification } from '@tracebloc/ingestor-pipeline';
import { duration, plural } from '@tracebloc/ingestor-cli';
import { renderFindings } from './report.js';

/** Renders the differences and the verdict. */
export function renderVerification(result: Verification): string {
  const { whole, records, files, errors, seconds } = result;
  const table = printableLine(result.table);
  const scope = `${plural(records, 'record')}, ${plural(files, 'file')} read, in ${duration(seconds)}`;
  const verdict = whole
    ? `${ux.colorize('green', '✔')} ${table} is what was ingested: ${scope}`
    : `${ux.colorize('red', '✖')} ${table} is not what was ingested: ${plural(errors, 'error')}; ${scope}`;
  return [...renderFindings(result), verdict].join('\n\n');
}
