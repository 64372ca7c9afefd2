import { expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { readTable } from './columns.test-support.js';

const SCHEMA = { country: 'VARCHAR(2)', a: 'INT' };
const FIX: Partial<CsvFormat> = { keepDefaultNa: false, naColumns: { a: ['NULL'] } };

it.each([
  ['countries', ['MZ', 'NA', 'NC'], [['MZ'], ['NA'], ['NC']]],
  ['continents', ['EU', 'NA', 'NA', 'AS'], [['EU'], ['NA'], ['NA'], ['AS']]],
  ['states, one of them missing', ['TX', '', 'NA', 'CA'], [['TX'], [null], ['NA'], ['CA']]],
  ['airlines that are rare', ['NA', 'LH'], [['NA'], ['LH']]],
  ['elements', ['NA', 'FE', 'CU'], [['NA'], ['FE'], ['CU']]],
])('warns of NA among %s, and the fix keeps it as text', async (_name, cells, wanted) => {
  const content = `country,a\n${cells.map((cell) => `${cell},1`).join('\n')}\n`;
  const { found } = await readTable(content, SCHEMA);
  expect(found).toEqual([['na-among-codes', 'warning', 'country', expect.stringContaining('keep_default_na: false')]]);
  const fixed = await readTable(content, SCHEMA, FIX);
  expect(fixed.found).toEqual([]);
  expect(fixed.values.map(([country]) => [country])).toEqual(wanted);
});

it.each([
  ['words', ['red', 'NA', 'blue']],
  ['codes of three letters', ['DEU', 'NA', 'FRA']],
  ['lower case', ['de', 'NA', 'fr']],
  ['nothing else', ['NA', 'NA', 'NA']],
  ['another word', ['DE', 'null', 'FR']],
])('counts the words of a column of %s', async (_name, cells) => {
  const content = `country,a\n${cells.map((cell) => `${cell},1`).join('\n')}\n`;
  const { found, report } = await readTable(content, { country: 'VARCHAR(5)', a: 'INT' });
  expect(found).toEqual([['words-as-null', 'warning', 'country', expect.stringContaining('keep_default_na: false')]]);
  const count = cells.filter((cell) => ['NA', 'null'].includes(cell)).length;
  expect(report.findings()[0]!.message).toContain(String(count));
});

it.each(['none', '<NA>', '#N/A', '\\N', '#NA', ' NA '])('stores NULL for the word %j, and says so', async (word) => {
  const schema = { country: 'VARCHAR(5)', a: 'INT' };
  const { found, values, report } = await readTable(`country,a\nx,1\nx,${word}\n`, schema);
  expect(values).toEqual([
    ['x', '1'],
    ['x', null],
  ]);
  expect(found).toEqual([['words-as-null', 'warning', 'a', expect.any(String)]]);
  expect(report.findings()[0]!.message).toBe(`1 cell holds the word \`${word.trim()}\`, which became NULL.`);
});

it.each([1, 3])('names only the words that were met, the most frequent first, in %i shards', async (shards) => {
  const words = ['\\N', 'null', '\\N', '7', 'nan', '\\N', 'null', ''];
  const content = `country,a\n${words.map((word) => `x,${word}\n`).join('')}`;
  const { report } = await readTable(content, { country: 'VARCHAR(5)', a: 'INT' }, {}, { shards });
  expect(report.findings()[0]!.message).toBe('6 cells hold the words `\\N`, `null` and `nan`, which became NULL.');
});

it('is silent about words that an option names', async () => {
  const content = 'country,a\nx,NULL\nx,-\n';
  const schema = { country: 'VARCHAR(5)', a: 'INT' };
  expect((await readTable(content, schema, { ...FIX, naColumns: { a: ['NULL', '-'] } })).found).toEqual([]);
  expect((await readTable(content, schema, { keepDefaultNa: true, naValues: ['-'] })).found).toEqual([]);
});

it('names the option where NOT NULL refuses a word', async () => {
  const schema = { country: 'VARCHAR(2) NOT NULL', a: 'INT' };
  const content = 'country,a\nMZ,1\nNA,2\n';
  const { found } = await readTable(content, schema);
  expect(found).toEqual([['missing-value', 'error', 'country', expect.stringContaining('keep_default_na: false')]]);
  const fixed = await readTable(content, schema, { keepDefaultNa: false });
  expect(fixed.found).toEqual([]);
  expect(fixed.values).toEqual([
    ['MZ', '1'],
    ['NA', '2'],
  ]);
});

it('counts the words of all shards together', async () => {
  const codes = ['MZ', 'NA', 'NC', 'DE'];
  const content = `country,a\n${Array.from({ length: 40 }, (_, row) => `${codes[row % 4]},${row % 5 ? row : 'NULL'}\n`).join('')}`;
  const whole = await readTable(content, SCHEMA);
  const inShards = await readTable(content, SCHEMA, {}, { shards: 3 });
  expect(whole.found.map(([code, , column]) => [code, column])).toEqual([
    ['na-among-codes', 'country'],
    ['words-as-null', 'a'],
  ]);
  expect(inShards.values).toEqual(whole.values);
  expect(inShards.report.findings()).toEqual(whole.report.findings());
});
