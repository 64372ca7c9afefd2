/**
 * Writes the sample of plugins/time-series from the npm package vega-datasets (BSD-3-Clause): the daily weather of
 * Seattle, 2012 to 2014 to train on and 2015 to test. `date` becomes `timestamp`; the word for the weather is left out,
 * since features are numbers.
 *
 * Usage: node tools/samples/time-series.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const folder = fileURLToPath(new URL('../../plugins/time-series/samples/seattle-weather/', import.meta.url));

const [header, ...rows] = readFileSync(source, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(',').slice(0, -1));
header[0] = 'timestamp';
const isTest = ([date]) => date.startsWith('2015');

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}train.csv`, toCsv(rows.filter((row) => !isTest(row))));
writeFileSync(`${folder}test.csv`, toCsv(rows.filter(isTest)));

function toCsv(records) {
  return [header, ...records].map((cells) => `${cells.join(',')}\n`).join('');
}
