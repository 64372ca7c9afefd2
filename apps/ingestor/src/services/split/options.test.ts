import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { createReport, openReader } from '@tracebloc/ingestor-dataset';
import { loadTasks, resolve } from '@tracebloc/ingestor-cli';
import { validateTrainTest } from '@tracebloc/ingestor-pipeline';
import { type ConfigFields, yamlOf } from '@tracebloc/ingestor-testing/command';
import { loadHost } from '../../plugins/host.js';
import { splitCommand } from './split.js';

const HOST = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
let tasks: TaskType[];

beforeAll(async () => {
  tasks = (await loadTasks(await loadHost(HOST))).map(({ task }) => task);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-split-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function configOf(name: string): Promise<RunConfig> {
  const flags = { config: join(folder, name) };
  return (await resolve({ tasks, purpose: 'validate', flags, env: {} })).config;
}

/** Returns the cells of all rows, in the order of their texts. */
async function rowsOf({ source: { path, format, csv, json }, task: { missing } }: RunConfig): Promise<string[]> {
  const report = createReport();
  const reader = openReader({ path, file: path, format, csv, json, missing, columns: 'all' });
  const manifest = await reader.open(report, new AbortController().signal);
  const rows: string[] = [];
  for await (const batch of manifest!.batches) rows.push(...batch.rows.map((cells) => cells.join('|')));
  expect(report.findings()).toEqual([]);
  return rows.sort();
}

/** Splits the file, and returns the configurations of both sides after they were found valid. */
async function halvesOf(
  manifest: string | Buffer,
  config: ConfigFields & { json?: string },
): Promise<Record<'train' | 'test', RunConfig>> {
  const name = config.csv ?? config.json!;
  await writeFile(join(folder, name), manifest);
  await writeFile(join(folder, 'ingest.yaml'), yamlOf(config).replace('csv: undefined\n', ''));
  const outputDir = join(folder, 'halves');
  const path = join(folder, 'ingest.yaml');
  const split = await splitCommand({ tasks, config: path, testSize: '0.25', seed: 0, force: false, outputDir });
  expect(split).toMatchObject({ outcome: 'written', findings: [] });
  const halves = { train: await configOf('halves/train.yaml'), test: await configOf('halves/test.yaml') };
  const { valid, train, test } = await validateTrainTest(halves);
  expect([valid, train.findings, test.findings]).toEqual([true, [], []]);
  return halves;
}

/** Rows of different numbers, dates and texts, of two classes. */
const ROWS = Array.from({ length: 40 }, (_, row) => ({
  ...{ row, day: `${String(1 + (row % 28)).padStart(2, '0')}/0${1 + (row % 9)}/2024`, y: row % 2 === 0 ? 'ja' : 'nö' },
}));

describe('the halves have all options of the source, and its rows', () => {
  it.each<[string, JsonObject, string, Record<string, string>]>([
    [
      'dialect, encoding and values',
      {
        ...{ delimiter: ';', quotechar: "'", escapechar: '\\', encoding: 'windows-1252', on_bad_lines: 'warn' },
        ...{
          skip_blank_lines: true,
          skip_initial_space: true,
          trailing_delimiter: true,
          comment: '#',
          chunk_size: 70000,
        },
        ...{ header: 3, units_row: true, skip_footer: 1, na_values: { n: ['-999'] }, keep_default_na: false },
        ...{ decimal: ',', thousands: '.', percent: 'number', currency: ['€'], date_format: { day: 'DD/MM/YYYY' } },
        ...{ day_first: true, time_zone: 'Europe/Berlin' },
      },
      [
        ...['Bericht', '# Maße', 'n; price; share; day; t; y;', 'kg;€;%;d;h;;'],
        ...ROWS.map(
          ({ row, day, y }) =>
            `${row === 3 ? '-999' : `1.${100 + row}`}; € ${row},5; ${row},25 %; ${day}; 2024-0${1 + (row % 9)}-01 10:${10 + row}; '${y}';${row % 9 === 0 ? '\n# note' : ''}`,
        ),
        ...['Summe;40;;;;;', ''],
      ].join('\r\n'),
      { n: 'INT', price: 'FLOAT', share: 'FLOAT', day: 'DATE', t: 'TIMESTAMP', y: 'VARCHAR(8)' },
    ],
    [
      'lines at the start, no header and aligned columns',
      { delimiter: 'whitespace', header: 'none', skip_rows: 2 },
      ['Messung', '1 2 3', ...ROWS.map(({ row, y }) => `${row}   ${row * 2}.5\t${y}`), ''].join('\n'),
      { n: 'INT', m: 'FLOAT', y: 'VARCHAR(8)' },
    ],
    [
      'a header of two lines',
      { header: [2, 3], delimiter: '||' },
      ['Titel', 'n||m||y', 'kg||cm||', ...ROWS.map(({ row, y }) => `${row}||${row * 2}||${y}`), ''].join('\n'),
      { n_kg: 'INT', m_cm: 'INT', y: 'VARCHAR(8)' },
    ],
  ])('%s', async (_what, options, text, schema) => {
    const encoding = options.encoding === 'windows-1252' ? 'latin1' : 'utf8';
    const manifest = Buffer.from(text.replaceAll('€', encoding === 'latin1' ? '\x80' : '€'), encoding);
    const halves = await halvesOf(manifest, { csv: 'data_train.csv', schema, spec: { csv_options: options } });
    const source = await configOf('ingest.yaml');
    for (const half of [halves.train, halves.test]) {
      expect(half.source.csv).toEqual({ ...source.source.csv, encoding: 'utf-8' });
      expect(half.schema).toEqual(source.schema);
    }
    const rows = [...(await rowsOf(halves.train)), ...(await rowsOf(halves.test))].sort();
    expect(rows).toEqual(await rowsOf(source));
    expect(rows).toHaveLength(40);
    expect((await readFile(halves.test.source.path, 'utf8')).includes('nö')).toBe(true);
  });

  it('of JSON', async () => {
    const text = JSON.stringify({ data: { rows: ROWS.map(({ row, y }) => ({ row, y })) } });
    const spec = { json_options: { records: 'data.rows' }, csv_options: { na_values: ['?'], encoding: 'utf-16' } };
    const manifest = Buffer.from(text, 'utf16le');
    const halves = await halvesOf(manifest, {
      csv: undefined,
      json: 'data.json',
      schema: { row: 'INT', y: 'TEXT' },
      spec,
    });
    const source = await configOf('ingest.yaml');
    expect(halves.test.source).toMatchObject({
      json: { records: 'data.rows' },
      csv: { naValues: ['?'], encoding: 'utf-8' },
    });
    expect([...(await rowsOf(halves.train)), ...(await rowsOf(halves.test))].sort()).toEqual(await rowsOf(source));
  });
});
