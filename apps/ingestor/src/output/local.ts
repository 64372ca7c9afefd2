import { LOCAL_DATABASE } from '@tracebloc/ingestor-config/environment';
import { printableLine } from '@tracebloc/ingestor-core';
import type { IngestResult, TrainTestResult } from '@tracebloc/ingestor-pipeline';

/** Renders how to look at what a run with --local has stored, or `undefined` if it has stored nothing. */
export function renderLocal(result: IngestResult | TrainTestResult): string | undefined {
  const results = 'runId' in result ? [result] : [result.train, result.test].filter((each) => each !== undefined);
  const tables = results.filter(({ outcome }) => outcome !== 'invalid').map(({ table }) => table);
  if (tables.length === 0) return undefined;
  return [
    'To look at it:',
    ...tables.map((table) => `  ingestor datasets show ${table} --local`),
    ...tables.map((table) => `  sqlite3 ${LOCAL_DATABASE} 'SELECT * FROM "${table}" LIMIT 5'`),
  ]
    .map(printableLine)
    .join('\n');
}
