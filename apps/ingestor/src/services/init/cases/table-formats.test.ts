import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkDescribed, Desk, type Row, table } from './cases.test-support.js';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.make();
});
afterEach(() => desk.remove());

const CLASSES = ['no', 'yes', 'yes'];
/** More rows than a batch of Parquet has. */
const COUNT = 5000;
const HEADER = 'zip,amount,day,y';
const LINES = Array.from({ length: COUNT }, (_, row) => {
  const day = new Date(Date.UTC(2020, 0, 1 + (row % 900))).toISOString().slice(0, 10);
  return `${String(row % 99_999).padStart(5, '0')},${row % 10 === 0 ? '' : (row / 8).toFixed(3)},${day},${CLASSES[row % 3]!}`;
});
const CSV = table(HEADER, ...LINES);
const ROWS: Row[] = LINES.map((line) => {
  const [zip, amount, day, y] = line.split(',') as [string, string, string, string];
  return [y, zip, amount === '' ? null : Number(amount), day];
});

it('a gzip archive goes from init to its rows', async () => {
  await checkDescribed(desk, { content: gzipSync(CSV), file: 'data.csv.gz', rows: ROWS });
});

it('several files go from init to the rows of one table, in natural order', async () => {
  await mkdir(desk.path('parts'));
  for (const part of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    const lines = LINES.slice(part * 400, part === 10 ? COUNT : (part + 1) * 400);
    await writeFile(desk.path(`parts/data-${part}.csv.gz`), gzipSync(table(HEADER, ...lines)));
  }
  const { yaml } = await desk.describePath('parts/*.csv.gz', 'y', 'tabular_classification');
  expect(yaml).toContain('csv: parts/*.csv.gz');
  expect(await desk.rows()).toEqual(ROWS);
});

it('a Parquet file goes from init to its rows, with the types that it states', async () => {
  await writeFile(desk.path('plain.csv'), CSV);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const types = "{'zip': 'VARCHAR', 'amount': 'DECIMAL(9,3)', 'day': 'DATE', 'y': 'VARCHAR'}";
  const query = `FROM read_csv('${desk.path('plain.csv')}', columns = ${types})`;
  await connection.run(`COPY (${query}) TO '${desk.path('made.parquet')}' (format parquet, row_group_size 2048)`);
  connection.closeSync();
  instance.closeSync();
  const content = await readFile(desk.path('made.parquet'));
  const { yaml } = await desk.describe(content, 'y', { task: 'tabular_classification', file: 'data.parquet' });
  expect(yaml).toMatch(/^parquet: data\.parquet/m);
  expect(yaml).toMatch(/zip: VARCHAR\(16\)[^]*amount: DECIMAL\(9,3\)[^]*day: DATE/);
  expect(await desk.rows()).toEqual(ROWS.map(([y, zip, amount, day]) => [y, zip, amount, day]));
});
