import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { TrainTestResult, TrainTestValidation } from '@tracebloc/ingestor-pipeline';
import { plural } from '@tracebloc/ingestor-cli';
import { renderFindings, renderReport } from './report.js';
import { renderSummary } from './summary.js';

/** What validation found in two datasets, and then between them, as text. */
export function renderTrainTestReport({ train, test, between }: TrainTestValidation): string {
  const tally = `${plural(between.errors, 'error')}, ${plural(between.warnings, 'warning')}`;
  const names = printableLine(`${train.table} and ${test.table}`);
  const verdict = !(train.valid && test.valid)
    ? `${ux.colorize('red', '✖')} ${names} cannot be compared to the end. ${tally} so far`
    : between.errors > 0
      ? `${ux.colorize('red', '✖')} ${names} do not go together. ${tally}`
      : `${ux.colorize('green', '✔')} ${names} go together. ${tally}`;
  return [renderReport(train), renderReport(test), ...renderFindings(between), verdict].join('\n\n');
}

/** Renders the findings of the validation, if there are any, and what the ingest of both datasets did. */
export function renderTrainTestResult({ validation, train, test }: TrainTestResult): string {
  const parts = [validation.train, validation.test, validation.between];
  const hasFindings = parts.some(({ errors, warnings }) => errors + warnings > 0);
  const ingested = [train, test].filter((result) => result !== undefined);
  const tables = printableLine(`${validation.train.table} and ${validation.test.table}`);
  const nothing = `${ux.colorize('red', '✖')} ${tables} were not ingested: nothing was published`;
  return [
    ...(hasFindings ? [renderTrainTestReport(validation)] : []),
    ...ingested.flatMap((result) => [
      // Only if a source has changed since both were validated.
      ...(result.outcome === 'invalid' && result.validation ? [renderReport(result.validation)] : []),
      renderSummary(result),
    ]),
    ...(ingested.length === 0 ? [nothing] : []),
  ].join('\n\n');
}
