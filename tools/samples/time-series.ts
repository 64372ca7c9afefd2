/**
 * Writes the sample of plugins/time-series: the daily weather of Seattle, 2012 to 2014 to train on and 2015 to test. `date`
 * becomes `timestamp`. The word for the weather is left out, because features are numbers.
 *
 * Usage: node tools/samples/time-series.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readVegaDataset } from './vega-datasets.ts';

const folder = fileURLToPath(new URL('../../plugins/time-series/samples/seattle-weather/', import.meta.url));

const [header, ...rows] = readVegaDataset('seattle-weather.csv')
  .trim()
  .split('\n')
  .map((line) => line.split(',').slice(0, -1));
const columns = ['timestamp', ...header!.slice(1)];
const isTest = ([date = '']: readonly string[]) => date.startsWith('2015');

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}train.csv`, toCsv(rows.filter((row) => !isTest(row))));
writeFileSync(`${folder}test.csv`, toCsv(rows.filter(isTest)));

function toCsv(records: readonly string[][]): string {
  return [columns, ...records].map((cells) => `${cells.join(',')}\n`).join('');
}
