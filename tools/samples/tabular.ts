/**
 * Writes the samples of plugins/tabular from the npm package vega-datasets (BSD-3-Clause): penguins for classification
 * and cars for regression, every fifth record into the test set. Gaps and quirks stay as they are.
 *
 * Usage: node tools/samples/tabular.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const data = new URL('../../node_modules/vega-datasets/data/', import.meta.url).pathname;
const target = new URL('../../plugins/tabular/samples/', import.meta.url).pathname;

for (const name of ['penguins', 'cars']) {
  const records = JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8'));
  const folder = join(target, name);
  mkdirSync(folder, { recursive: true });
  const isTest = (_, index) => index % 5 === 4;
  writeFileSync(join(folder, 'train.csv'), toCsv(records.filter((record, index) => !isTest(record, index))));
  writeFileSync(join(folder, 'test.csv'), toCsv(records.filter(isTest)));
}

function toCsv(records) {
  const columns = Object.keys(records[0]);
  const lines = [columns, ...records.map((record) => columns.map((column) => record[column]))];
  return lines.map((cells) => cells.map(quoted).join(',') + '\n').join('');
}

function quoted(cell) {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
