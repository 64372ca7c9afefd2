/**
 * Writes the samples of plugins/tabular: penguins for classification and cars for regression. Every fifth record goes into
 * the test set. Gaps and quirks of the data stay as they are.
 *
 * Usage: node tools/samples/tabular.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVegaDataset } from './vega-datasets.ts';

type Row = Readonly<Record<string, string | number | null>>;

const target = new URL('../../plugins/tabular/samples/', import.meta.url).pathname;

for (const name of ['penguins', 'cars']) {
  const records = JSON.parse(readVegaDataset(`${name}.json`)) as Row[];
  const folder = join(target, name);
  mkdirSync(folder, { recursive: true });
  const isTest = (_: Row, index: number) => index % 5 === 4;
  writeFileSync(join(folder, 'train.csv'), toCsv(records.filter((record, index) => !isTest(record, index))));
  writeFileSync(join(folder, 'test.csv'), toCsv(records.filter(isTest)));
}

function toCsv(records: readonly Row[]): string {
  const columns = Object.keys(records[0]!);
  const lines = [columns, ...records.map((record) => columns.map((column) => record[column]))];
  return lines.map((cells) => cells.map(quoted).join(',') + '\n').join('');
}

function quoted(cell: string | number | null | undefined): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
