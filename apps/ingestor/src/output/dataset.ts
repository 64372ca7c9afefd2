import { ux } from '@oclif/core';
import type { CatalogEntry, LabelCount } from '@tracebloc/ingestor-storage';
import { count } from './format.js';

/** Of a label that has more distinct values than a class would, as in regression, only the commonest are shown. */
const MAX_LABELS = 20;

export type ShownDataset = CatalogEntry & {
  database: string;
  /** Where its files lie, if it has any. */
  folder?: string;
  labels: LabelCount[];
};

export function renderDataset(dataset: ShownDataset): string {
  const labels = dataset.labels.slice(0, MAX_LABELS);
  const width = Math.max(0, ...labels.map(({ label }) => shown(label).length));
  const more = dataset.labels.length - labels.length;
  return [
    `${ux.colorize('bold', dataset.table)}  ${dataset.title}`,
    `  task      ${dataset.task} (${dataset.intent})`,
    `  records   ${count(dataset.records)}`,
    `  rows      ${dataset.database}, table ${dataset.table}`,
    ...(dataset.folder === undefined ? [] : [`  files     ${dataset.folder}/`]),
    `  catalog   ${dataset.registeredWith || 'not registered yet'}`,
    `  run       ${dataset.runId}`,
    `  ingested  ${dataset.createdAt.toISOString()}`,
    `  columns   ${Object.entries(dataset.schema)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')}`,
    '  labels',
    ...labels.map(({ label, records }) => `    ${shown(label).padEnd(width)}  ${count(records)}`),
    ...(more > 0 ? [`    … and ${count(more)} more`] : []),
  ].join('\n');
}

function shown(label: string | null): string {
  return label ?? '(missing)';
}
