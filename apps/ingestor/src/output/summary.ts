import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { count, duration, plural, rate, terminalWidth, wrapText } from '@tracebloc/ingestor-cli';

const HEADLINES: Record<Exclude<IngestResult['outcome'], 'invalid'>, string> = {
  ingested: 'is ingested and registered',
  resumed: 'is ingested and registered; an interrupted run was completed',
  unchanged: 'exists already and is this very dataset; nothing was done',
  staged: 'is not complete yet',
};

/** The cells before a value. */
const INDENT = 12;

/** Renders what became of a run. Lines are broken at `width` cells, if it is given. */
export function renderSummary(result: IngestResult, width = terminalWidth(process.stdout)): string {
  const table = printableLine(result.table);
  const headline =
    result.outcome === 'invalid'
      ? `${ux.colorize('red', '✖')} ${table} was not ingested: the data is not valid, and nothing was published`
      : `${ux.colorize('green', '✔')} ${ux.colorize('bold', table)} ${HEADLINES[result.outcome]}`;
  const rows: [string, string][] = [
    ...(result.outcome === 'invalid' ? [] : whatLanded(result)),
    ...whatShard(result),
    ['found', count(result.found)],
    ['inserted', count(result.inserted)],
    ['sent', result.registry === 'local' ? '0 (local catalog)' : count(result.sent)],
    ['skipped', count(result.skipped)],
    ['failed', count(result.failed)],
    ['time', duration(result.seconds) + (result.outcome === 'unchanged' ? '' : `, ${speed(result)}`)],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(9)} ${printableLine(value)}`);
  return [headline, ...lines.map((line) => (width === undefined ? line : wrapText(line, width, INDENT)))].join('\n');
}

function whatLanded({
  title,
  task,
  intent,
  runId,
  database,
  table,
  folder,
  registry,
}: IngestResult): [string, string][] {
  return [
    ['title', title],
    ['task', `${task} (${intent})`],
    ['run', runId],
    ['rows', `${database}, table ${table}`],
    ...(folder === undefined ? [] : [['files', `${folder}/`] satisfies [string, string]]),
    ['catalog', registry],
  ];
}

function whatShard({ shard, outcome }: IngestResult): [string, string][] {
  if (!shard || outcome === 'invalid') return [];
  const { index, count: all, records, done } = shard;
  const progress = `${done} of ${all} shards are done`;
  const publishes = outcome === 'staged' && done === all ? '; another process publishes the dataset' : '';
  return [['shard', `index ${index}, ${plural(records, 'record')} staged; ${progress}${publishes}`]];
}

function speed({ found, seconds }: IngestResult): string {
  return `${count(rate(found, seconds))} records/s`;
}
