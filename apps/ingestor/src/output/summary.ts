import { ux } from '@oclif/core';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { count, duration, rate } from './format.js';

const HEADLINES: Record<Exclude<IngestResult['outcome'], 'invalid'>, string> = {
  ingested: 'is ingested and registered',
  resumed: 'is ingested and registered; an interrupted run was completed',
  unchanged: 'exists already and is this very dataset; nothing was done',
};

/** What an ingest did, as text. */
export function renderSummary(result: IngestResult): string {
  const headline =
    result.outcome === 'invalid'
      ? `${ux.colorize('red', '✖')} ${result.table} was not ingested: the data is not valid, and nothing was published`
      : `${ux.colorize('green', '✔')} ${ux.colorize('bold', result.table)} ${HEADLINES[result.outcome]}`;
  const rows: [string, string][] = [
    ['title', result.title],
    ['task', `${result.task} (${result.intent})`],
    ['run', result.runId],
    ['found', count(result.found)],
    ['inserted', count(result.inserted)],
    ['sent', result.registry === 'local' ? '0 (local catalog)' : count(result.sent)],
    ['skipped', count(result.skipped)],
    ['failed', count(result.failed)],
    ['time', `${duration(result.seconds)}, ${count(rate(result.found, result.seconds))} records/s`],
    ['rows', `${result.database}, table ${result.table}`],
    ['catalog', result.registry],
  ];
  return [headline, ...rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`)].join('\n');
}
