import { describe, expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { numericTarget } from '../records/target.js';
import { readTable } from './columns.test-support.js';

const GERMAN: Partial<CsvFormat> = { delimiter: ';', decimal: ',', thousands: '.' };

describe('2.155 beside a decimal comma is an error, and the fix reads 2155', () => {
  it.each<[name: string, content: string, schema: Record<string, string>, values: string[]]>([
    ['a column of numbers', 'a;b\n2.155;19,47\n817;6,10\n', { a: 'DOUBLE', b: 'DOUBLE' }, ['2155', '817']],
    ['a column of text', 'a;b\n2.155;19,47\n817;6,10\n', { a: 'FLOAT', b: 'VARCHAR(9)' }, ['2155', '817']],
    ['a column of sums', 'a;b\n1.020;1.234,50\n96;0,10\n', { a: 'DOUBLE', b: 'VARCHAR(9)' }, ['1020', '96']],
    ['a whole number with zeros', 'a;b\n2.000;1,5\n3.000;2,5\n', { a: 'INT', b: 'VARCHAR(9)' }, ['2000', '3000']],
    ['a column that is not stored', 'a;b\n2.155;19,47\n817;6,10\n', { a: 'DOUBLE' }, ['2155', '817']],
    ['millions', 'a;b\n2.155;1.234.567\n3.100;2.345.678\n', { a: 'DOUBLE', b: 'VARCHAR(9)' }, ['2155', '3100']],
  ])('with %s', async (_name, content, schema, values) => {
    const { found, report } = await readTable(content, schema, { delimiter: ';' });
    const ambiguous = report.findings().filter(({ code }) => code === 'ambiguous-number');
    expect(ambiguous).toMatchObject([{ severity: 'error', column: 'a', fix: expect.stringContaining('decimal: ","') }]);
    expect(found.length).toBeGreaterThan(0);
    const fixed = await readTable(content, schema, GERMAN);
    expect(fixed.found.filter(([code]) => code !== 'unlisted-column')).toEqual([]);
    expect(fixed.values.map(([value]) => value)).toEqual(values);
  });
});

it.each([
  ['the rest of it is whole', 'a,b\n2.155,x\n817,y\n1.020,z\n', 'DOUBLE'],
  ['it is one among whole numbers', 'a,b\n2.155,x\n817,y\n96,z\n', 'DOUBLE'],
  ['the column is declared as whole numbers', 'a,b\n2.000,x\n3.000,y\n', 'INT'],
])('is a warning if %s, and the option ends it', async (_name, content, type) => {
  const schema = { a: type, b: 'VARCHAR(9)' };
  const { found, report } = await readTable(content, schema);
  expect(found).toMatchObject([['ambiguous-number', 'warning', 'a', expect.stringContaining('decimal: "."')]]);
  expect(report.findings()[0]!.message).toMatch(/(2\.155 may be 2\.155 or 2155|2\.000 may be 2\.000 or 2000)/);
  expect((await readTable(content, schema, { decimal: '.' })).found).toEqual([]);
});

it.each([
  ['a value that decides', 'a,b\n2.155,x\n817,y\n1.5,z\n'],
  ['another column that decides', 'a,b\n2.155,0.5\n817,1\n1.020,2\n'],
  ['a column that is not stored and decides', 'a,b,c\n2.155,x,0.5\n817,y,\n1.020,z,NA\n'],
  ['three decimals throughout', 'a,b\n2.155,x\n1.020,y\n'],
  ['lists of numbers', 'a,b\n2.155,"1,2"\n1.020,"x,y"\n'],
  ['thousands commas in text', 'a,b\n2.155,"1,234"\n1.020,"2,345"\n'],
])('is not in doubt with %s', async (_name, content) => {
  expect(
    (await readTable(content, { a: 'DOUBLE', b: 'VARCHAR(9)' })).found.filter(([code]) => code === 'ambiguous-number'),
  ).toEqual([]);
});

it('judges all shards together', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => `2.${155 + row};${row === 0 ? '19,47' : '7'}\n`);
  const content = `a;b\n${rows.join('')}`;
  const schema = { a: 'DOUBLE', b: 'VARCHAR(9)' };
  const whole = await readTable(content, schema, { delimiter: ';' });
  const inShards = await readTable(content, schema, { delimiter: ';' }, { shards: 3 });
  expect(whole.found).toMatchObject([['ambiguous-number', 'error', 'a', expect.any(String)]]);
  expect(inShards.report.findings()).toEqual(whole.report.findings());
});

it('reads the target of a regression in the format of the file', async () => {
  const content = 'a,y\n1,"1,234.00"\n2,"$980.50"\n3,many\n';
  const options = { label: 'y', labelCheck: numericTarget };
  const { found } = await readTable(content, { a: 'INT' }, {}, options);
  expect(found.map(([code, , , fix]) => [code, fix])).toEqual([
    ['not-a-number', expect.stringContaining('thousands: ","')],
    ['not-a-number', expect.stringContaining('currency: ["$"]')],
    ['not-a-number', expect.not.stringContaining('csv_options')],
  ]);
  const fixed = await readTable(content, { a: 'INT' }, { thousands: ',', currency: ['$'] }, options);
  expect(fixed.labels).toEqual(['1234', '980.5', 'many']);
  expect(fixed.found.map(([code]) => code)).toEqual(['not-a-number']);
});
