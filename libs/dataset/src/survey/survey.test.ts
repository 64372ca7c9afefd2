import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ColumnProfile, parseSqlType, type Survey } from '@tracebloc/ingestor-contract';
import { compileCheck } from '../checks/cell.js';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { createReport } from '../findings/report.js';
import { ColumnProfiler } from './column-profiler.js';
import { compileFamilies } from './type-ladder.js';
import { findTables, surveyPath } from './survey.js';

const { signal } = new AbortController();

async function survey(content: string, name = 'data.csv'): Promise<Survey> {
  using folder = temporaryFolder();
  return await surveyPath(folder.write(content, name), signal);
}

/** Returns the profile of a column with these cells. A second column prevents blank lines. */
async function profile(...cells: string[]): Promise<ColumnProfile> {
  const lines = cells.map((cell) => `"${cell.replaceAll('"', '""')}",x`);
  const [manifest] = (await survey(`a,b\n${lines.join('\n')}\n`)).manifests;
  return manifest!.columns[0]!;
}

describe('the type of a column', () => {
  it.each([
    ['INT', ['1', '-20', '', '3.0', 'NA']],
    ['INT', ['0', '1', '1']],
    ['INT', ['20240131', '20240201']],
    ['BIGINT', ['1', '3000000000']],
    ['DECIMAL(38,0)', ['1', '18446744073709551616']],
    ['DOUBLE', ['1', '2.5', '-1e-7']],
    ['DOUBLE', ['0.5', '.25']],
    ['BOOLEAN', ['yes', 'NO', 'yes']],
    ['BOOLEAN', ['0', 'true']],
    ['DATE', ['2024-01-31', '31.12.2023', '']],
    ['DATETIME', ['2024-01-31', '2024-01-31 08:30']],
    ['DATETIME(6)', ['2024-01-31 08:30:00.25', '2024-01-31T08:30:00Z']],
    ['TIME', ['08:30', '23:59:59']],
    ['VARCHAR(16)', ['007', '012']],
    ['VARCHAR(16)', ['+4930123456', '+4940123456']],
    ['VARCHAR(16)', ['1', '2', 'three']],
    ['VARCHAR(16)', ['2024-02-30']],
    ['VARCHAR(16)', ['1e400']],
    ['VARCHAR(16)', ['f', 'f']],
    ['VARCHAR(64)', ['x'.repeat(30)]],
    ['VARCHAR(255)', ['NA', '']],
    ['TEXT', ['x'.repeat(300)]],
  ])('is %s for %j', async (sql, cells) => {
    expect((await profile(...cells)).sql).toBe(sql);
  });

  it('depends on the last value as much as on the first', async () => {
    const cells = Array.from({ length: 20_000 }, (_, index) => String(index));
    expect(await profile(...cells)).toMatchObject({ sql: 'INT', ascending: true });
    expect(await profile(...cells, 'abc')).toMatchObject({ sql: 'VARCHAR(16)', ascending: false });
  });

  it('accepts every value of the column', () => {
    const number = fc.oneof(fc.integer().map(String), fc.bigInt().map(String), fc.double().map(String));
    const moment = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    const word = fc.constantFrom('yes', 'no', 't', '007', '2024-01-31', '08:30', '-0', '+1', '1e5', '31.12.2023');
    const cell = fc.oneof(number, moment, word, fc.string({ unit: 'grapheme', maxLength: 40 }));
    const column = fc.oneof(fc.array(number), fc.array(moment), fc.array(word), fc.array(cell));
    fc.assert(
      fc.property(column, (values) => {
        const cells = values.filter((value) => value.trim() !== '' && value !== 'NaN');
        const profiler = new ColumnProfiler('a', (text) => text === '', 10_000, compileFamilies({}));
        for (const cell of [...cells, '']) profiler.add(cell);
        const { sql, textSql } = profiler.profile();
        const [check, checkText] = [sql, textSql].map((type) => compileCheck(parseSqlType(type)));
        for (const text of cells) {
          expect([text, sql, check!(text)]).toEqual([text, sql, expect.any(String)]);
          expect(checkText!(text)).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not fit a text that is longer than any type can hold', async () => {
    expect(await profile('ä'.repeat(32_768), 'b')).toMatchObject({ sql: 'TEXT', fits: false });
    expect(await profile('a'.repeat(65_535), 'b')).toMatchObject({ sql: 'TEXT', fits: true });
  });
});

describe('a column', () => {
  it('has a number of missing values, and of those that are words', async () => {
    expect(await profile('NA', '', ' ', 'null', '1')).toMatchObject({ missing: 4, words: 2, distinct: 1 });
  });

  it('has a number of distinct values up to a limit, and the values themselves if they are few', async () => {
    expect(await profile('a', ' a ', 'b')).toMatchObject({ distinct: 2, values: ['a', 'b'] });
    const cells = Array.from({ length: 10_001 }, (_, index) => `value ${index}`);
    expect(await profile(...cells.slice(1))).toMatchObject({ distinct: 10_000, moreDistinct: false });
    expect(await profile(...cells)).toMatchObject({ distinct: 10_000, moreDistinct: true, values: undefined });
  });

  it.each([
    [true, ['1', '1', '10', '', '20']],
    [false, ['1', '10', '9']],
    [true, ['2023-12-31', '2024-01-01', '2024-01-01 08:30']],
    [false, ['31.12.2023', '01.02.2023']],
    [false, ['a', 'b']],
  ])('is ascending: %j for %j', async (ascending, cells) => {
    expect(await profile(...cells)).toMatchObject({ ascending });
  });
});

describe('a file', () => {
  it.each([
    [undefined, 'a,b\n1,2;3\n'],
    [';', 'a;b\n1,5;2,5\n"x;y";3\n'],
    ['\t', 'a b\tc\n1, 2\t3\n'],
    ['|', 'a|"b,c"\n1|2\n'],
    [undefined, 'a\n1\n'],
  ])('needs the delimiter %j', async (delimiter, content) => {
    const [manifest] = (await survey(content)).manifests;
    expect(manifest!.format).toBe('csv');
    expect(manifest!.options?.find(({ name }) => name === 'delimiter')?.value).toBe(delimiter);
  });

  it('may be JSON', async () => {
    expect(await survey('{"a":1,"b":null}\n{"a":2.5,"b":"x"}\n', 'data.jsonl')).toMatchObject({
      manifests: [{ format: 'json', rows: 2, columns: [{ sql: 'DOUBLE' }, { sql: 'VARCHAR(16)', missing: 1 }] }],
    });
  });

  it('with errors is not a manifest, and the errors are reported', async () => {
    using folder = temporaryFolder();
    const report = createReport();
    const { manifests } = await surveyPath(folder.write('a,b\n1,2\n1\n'), signal, report);
    expect(manifests).toEqual([]);
    expect(report.totals()).toEqual([{ code: 'ragged-row', severity: 'error', total: 1 }]);
  });

  it('that does not exist is an error', async () => {
    await expect(surveyPath('/nowhere/data.csv', signal)).rejects.toMatchObject({
      code: 'path-not-found',
      exitCode: 2,
    });
  });
});

it('a folder is surveyed with its tables and the folders beside them', async () => {
  using folder = temporaryFolder();
  folder.write('a\n1\n', 'b.csv');
  folder.write('[{"a":1}]', 'a.json');
  folder.write('{"vocab":{}}', 'tokenizer.json');
  folder.write('a\n1\n', '.hidden.csv');
  folder.write('text', 'README.md');
  symlinkSync('b.csv', join(folder.path, 'link.csv'));
  mkdirSync(join(folder.path, 'images/deeper'), { recursive: true });
  for (const name of ['x.JPG', 'y.jpg', 'none', '.DS_Store']) writeFileSync(join(folder.path, 'images', name), '');

  const tables = ['a.json', 'b.csv', 'link.csv'].map((name) => join(folder.path, name));
  expect(await findTables(folder.path)).toEqual(tables);
  const { root, manifests, folders } = await surveyPath(folder.path, signal);
  expect(manifests.map(({ path }) => path)).toEqual(tables);
  expect(folders).toEqual([{ name: 'images', path: join(root, 'images'), extensions: { '.jpg': 2, '': 1 } }]);
  expect(await surveyPath(join(folder.path, 'b.csv'), signal)).toMatchObject({
    root,
    folders,
    manifests: [{ rows: 1 }],
  });
});
