import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { CatalogSummary } from '@tracebloc/ingestor-storage';
import { age, count, padded, renderTable, textWidth } from '@tracebloc/ingestor-cli';
import type { ShownDataset } from '../services/datasets/show.js';
import { renderStatistics } from './statistics.js';

/** The most labels that are shown. A label of a regression has many more distinct values. */
const MAX_LABELS = 20;

export function renderDataset(dataset: ShownDataset): string {
  const labels = dataset.labels.slice(0, MAX_LABELS).map(({ label, records }) => ({ label: shown(label), records }));
  const width = Math.max(0, ...labels.map(({ label }) => textWidth(label)));
  const more = dataset.distinctLabels - labels.length;
  const columns = Object.entries(dataset.schema).map(([name, type]) => `${name} ${type}`);
  const counted = [
    '  labels',
    ...labels.map(({ label, records }) => `    ${padded(label, width)}  ${count(records)}`),
    ...(dataset.moreDistinctLabels ? [`    more than ${count(more - 1)} distinct ones, too many to count each`] : []),
    ...(more > 0 && !dataset.moreDistinctLabels ? [`    … and ${count(more)} more`] : []),
  ];
  return [
    `${ux.colorize('bold', printableLine(dataset.table))}  ${printableLine(dataset.title)}`,
    ...[
      `  task      ${dataset.task} (${dataset.intent})`,
      `  records   ${count(dataset.records)}`,
      `  rows      ${dataset.database}, table ${dataset.table}`,
      ...(dataset.folder === undefined ? [] : [`  files     ${dataset.folder}/`]),
      `  catalog   ${dataset.registeredWith || 'not registered yet'}`,
      `  run       ${dataset.runId}`,
      `  ingested  ${dataset.createdAt.toISOString()}`,
      `  columns   ${columns.join(', ')}`,
    ].map(printableLine),
    // A distribution says more of measured labels than their most frequent values, and classes more than lists of them.
    ...(dataset.statistics.label || dataset.statistics.classes ? [] : counted),
    ...renderStatistics(dataset.statistics),
  ].join('\n');
}

/** Renders a list of datasets. For a terminal of `width` cells, times are short. */
export function renderDatasets(entries: readonly CatalogSummary[], width?: number): string {
  const timeOf = (time: Date) => (width === undefined ? time.toISOString() : `${age(time)} ago`);
  return renderTable(
    ['TABLE', 'TASK', 'INTENT', 'RECORDS', 'REGISTERED WITH', 'INGESTED'],
    entries.map(({ table, task, intent, records, registeredWith, createdAt }) => [
      ...[table, task, intent, count(records)],
      ...[registeredWith || 'not registered yet', timeOf(createdAt)],
    ]),
    width,
  );
}

function shown(label: string | null): string {
  return label === null ? '(missing)' : printableLine(label);
}
