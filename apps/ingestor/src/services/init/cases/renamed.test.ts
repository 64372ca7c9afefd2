import { execSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleWorkbook } from '@tracebloc/ingestor-testing';
import { Desk, type Row, table } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const CELLS: [size: number, color: string, y: string][] = Array.from({ length: 40 }, (_, row) => [
  (row * 7) % 41,
  `c${row % 3}`,
  row % 2 === 0 ? 'cat' : 'dog',
]);
const ROWS: Row[] = CELLS.map(([size, color, y]) => [y, size, color]);
const CSV = table('size,color,y', ...CELLS.map((cells) => cells.join(',')));
const OBJECTS = CELLS.map(([size, color, y]) => ({ size, color, y }));

/** Writes what a query returns to a Parquet file, and returns its content. */
async function parquetOf(query: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await writeFile(desk.path('plain.csv'), CSV);
  await connection.run(`COPY (${query}) TO '${desk.path('made.parquet')}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFile(desk.path('made.parquet'));
}
const FROM = () => `FROM read_csv('${desk.path('plain.csv')}')`;

const describeAs = (content: string | Uint8Array, file: string) =>
  desk.describe(content, 'y', { task: 'tabular_classification', file });

describe('a file whose name says another format is read as what it is', () => {
  it.each<[string, string, () => Promise<string | Uint8Array> | string | Uint8Array]>([
    ['data.csv', 'xlsx', () => sampleWorkbook({ Sheet1: [['size', 'color', 'y'], ...CELLS] })],
    ['data.xls', 'xlsx', () => sampleWorkbook({ Sheet1: [['size', 'color', 'y'], ...CELLS] })],
    ['data.csv', 'parquet', () => parquetOf(FROM())],
    ['data.csv', 'json', () => JSON.stringify(OBJECTS)],
    ['data.txt', 'json', () => OBJECTS.map((one) => JSON.stringify(one)).join('\n')],
    ['data.xlsx', 'csv', () => CSV],
    ['data.parquet', 'csv', () => gzipSync(CSV)],
    ['data.xlsx', 'json', () => JSON.stringify(OBJECTS)],
  ])('%s is %s', async (file, format, content) => {
    const { yaml, doubts } = await describeAs(await content(), file);
    expect(yaml).toContain(`\n${format}: ${file}`);
    expect(doubts).toEqual([expect.stringContaining(`${file} is `)]);
    expect(await desk.findings()).toEqual([]);
    expect(await desk.rows()).toEqual(ROWS);
  });
});

it.each([
  ['gzip', 'data.csv', gzipSync(CSV)],
  ['gzip twice named', 'data.json.gz', gzipSync(JSON.stringify(OBJECTS))],
])('%s needs no other name', async (_name, file, content) => {
  const { doubts } = await describeAs(content, file);
  expect(doubts).toEqual([]);
  expect(await desk.rows()).toEqual(ROWS);
});

it.each([
  ['a page of an error', 'data.csv', '<!DOCTYPE html>\n<html><body>Sign in</body></html>', 'Download the file itself'],
  ['a table for Excel', 'data.xls', '<html><body><table><tr><td>a</td></tr></table></body></html>', 'as "CSV UTF-8"'],
  [
    'a pointer',
    'data.parquet',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4f\nsize 3\n',
    '`git lfs pull`',
  ],
])(
  'what is not a table is called what it is, with an advice that needs no configuration: %s',
  async (_, file, content, fix) => {
    const error: unknown = await describeAs(content, file).catch((reason: unknown) => reason);
    const { message } = error as Error;
    expect(message).toContain('other-format');
    expect(JSON.parse(message)).toEqual([expect.objectContaining({ fix: expect.stringContaining(fix) as unknown })]);
    expect(message).not.toMatch(/ingest\.yaml|spec\./);
  },
);

it('base64 is decoded by the command of the advice', async () => {
  const error: unknown = await describeAs(Buffer.from(CSV).toString('base64'), 'old').catch(
    (reason: unknown) => reason,
  );
  const [, command] = /`(base64 [^`]*)`/.exec((error as Error).message)!;
  execSync(command!, { cwd: desk.path('.') });
  await desk.describePath('new', 'y', 'tabular_classification');
  expect(await desk.rows()).toEqual(ROWS);
});

it('columns of lists are left out of a Parquet file, which is said on the screen and in the file', async () => {
  const content = await parquetOf(`SELECT *, [size, size] AS tags ${FROM()}`);
  const { yaml, leftOut } = await describeAs(content, 'data.parquet');
  const reason = 'it holds lists, maps or records, which cannot be stored';
  expect(leftOut).toEqual([{ name: 'tags', reason, fix: expect.stringContaining('separate column') as unknown }]);
  expect(yaml).toContain(`# Left out:\n  #   "tags": ${reason}`);
  expect(await desk.rows()).toEqual(ROWS);
  await expect(desk.describePath('data.parquet', 'tags')).rejects.toMatchObject({
    code: 'unknown-label',
    message: expect.stringContaining(reason) as unknown,
  });
});
