import { expect, it } from '@jest/globals';
import type { IngestResult } from '@tracebloc/ingestor-pipeline';
import { renderSummary } from './summary.js';

const result = {
  outcome: 'ingested',
  title: 'tabular_classification_1',
  task: 'tabular_classification',
  intent: 'train',
  runId: 'r1',
  database: 'SQLite file /home/someone/projects/customers/.ingestor/datasets.sqlite',
  table: 'customers_train',
  registry: 'local',
  found: 60,
  inserted: 60,
  sent: 0,
  skipped: 0,
  failed: 0,
  seconds: 0.2,
} as IngestResult;

it('breaks a long line between words on a terminal, below its value, and nowhere else', () => {
  const rows = (text: string) => text.slice(text.indexOf('  rows'), text.indexOf('  catalog'));
  const database = '  rows      SQLite file /home/someone/projects/customers/.ingestor/datasets.sqlite,';
  expect(rows(renderSummary(result, 88))).toBe(`${database}\n            table customers_train\n`);
  expect(rows(renderSummary(result))).toBe(`${database} table customers_train\n`);
});
