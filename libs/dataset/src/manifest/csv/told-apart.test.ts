import { describe, expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { codes, csvFormat, readAll, readContent, temporaryFolder } from '../reading.test-support.js';

/** The cells of the named columns, as a table stores them. */
async function stored(content: string, format: Partial<CsvFormat> = {}): Promise<Record<string, string>[]> {
  const { header = [], rows } = await readContent(content, 'csv', format);
  return rows.map((row) => Object.fromEntries(header.flatMap((name, index) => (name ? [[name, row[index]!]] : []))));
}

const CLEAN = await stored('id,plan,label\n1,a;b,yes\n2,c,no\n3,d,yes\n');

describe('columns without a name are left out with a warning', () => {
  const index = 'as pandas and R write it';
  const last = 'spec.csv_options.trailing_delimiter: true';
  it.each([
    ['the index of pandas', ',id,plan,label\n0,1,a;b,yes\n1,2,c,no\n2,3,d,yes\n', 'Column 1 ', index],
    [
      'the index of R in quotes',
      '"","id","plan","label"\n"1",1,"a;b",yes\n"2",2,c,no\n"3",3,d,yes\n',
      'Column 1 ',
      index,
    ],
    ['an index of words', ' ,id,plan,label\nx,1,a;b,yes\ny,2,c,no\nz,3,d,yes\n', 'Column 1 ', index],
    ['a delimiter at the end', 'id,plan,label,\n1,a;b,yes,\n2,c,no,\n3,d,yes,\n', 'Column 4 ', last],
    ['a note beside some rows', 'id,plan,label,\n1,a;b,yes,\n2,c,no,see 1\n3,d,yes,\n', 'Column 4 ', last],
    [
      'empty columns of a sheet',
      'id,plan,label,,,\n1,a;b,yes,,,\n2,c,no,,,\n3,d,yes,,,\n',
      'Columns 4 to 6 ',
      'empty columns of a sheet',
    ],
    ['a column in the middle', 'id,,plan,label\n1,,a;b,yes\n2,,c,no\n3,,d,yes\n', 'Column 2 ', 'Name the column'],
  ])('%s', async (_, content, place, fix) => {
    const { report } = await readContent(content);
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'empty-column-name', severity: 'warning', fix: expect.stringContaining(fix) }),
    ]);
    expect(report.findings()[0]!.message).toContain(place);
    expect(await stored(content)).toEqual(CLEAN);
  });

  it('and the fix for the last one, applied, changes no value that is right', async () => {
    const content = 'id,plan,label,\n1,a;b,yes,\n2,c,no,\n3,d,yes,\n';
    expect(await stored(content, { trailingDelimiter: true })).toEqual(CLEAN);
    const noted = await readContent(content.replace('no,', 'no,note'), 'csv', { trailingDelimiter: true });
    expect(codes(noted)).toEqual([['ragged-row', 3]]);
  });
});

describe('a wrong delimiter is named with the right one', () => {
  it.each([
    ['a semicolon', 'id;plan;label\n1;"a;b";yes\n2;c;no\n3;d;yes\n', ';', {}],
    ['a semicolon beside decimal commas', 'id;plan;label\n1,0;"a;b";yes\n2,0;c;no\n3,0;d;yes\n', ';', {}],
    ['a tab', 'id\tplan\tlabel\n1\ta;b\tyes\n2\tc\tno\n3\td\tyes\n', '\\t', {}],
    ['a bar', 'id|plan|label\r\n1|a;b|yes\r\n2|c|no\r\n3|d|yes\r\n', '|', {}],
    ['two bars', 'id||plan||label\n1||a;b||yes\n2||c||no\n3||d||yes\n', '||', {}],
    ['a caret', 'id^plan^label\n1^a;b^yes\n2^c^no\n3^d^yes\n', '^', {}],
    ['a comma', 'id,plan,label\n1,a;b,yes\n2,c,no\n3,d,yes\n', ',', { delimiter: '|' }],
    ['a semicolon after skipped lines', 'x\nid;plan;label\n1;"a;b";yes\n2;c;no\n3;d;yes\n', ';', { skipRows: 1 }],
  ])('%s', async (_, content, delimiter, format) => {
    const result = await readContent(content, 'csv', format);
    expect(result.report.findings()).toEqual([
      expect.objectContaining({
        code: 'wrong-delimiter',
        severity: 'error',
        fix: `Set \`spec.csv_options.delimiter: "${delimiter}"\`.`,
      }),
    ]);
    expect(result.rows).toEqual([]);
    const fixed = await stored(content, { ...format, delimiter: delimiter.replace('\\t', '\t') });
    expect(fixed.map((row) => ({ ...row, id: row.id!.replace(',0', '') }))).toEqual(CLEAN);
  });

  it.each([
    ['one column', 'text\na;b\nc|d\n'],
    ['one column whose name has a delimiter, and rows that do not', 'name;full\nAnna\nBert\nCarl\n'],
    ['several columns', 'a;b,c\n1;2,3\n'],
    ['a title with a comma', 'Sales, 2024\n1\n2\n3\n'],
  ])('but not in %s', async (_, content) => {
    expect(
      (await readContent(content, 'csv', { delimiter: ',' })).report.findings().map(({ code }) => code),
    ).not.toContain('wrong-delimiter');
  });

  it('but not where the configuration has a column of that name', async () => {
    using folder = temporaryFolder();
    const path = folder.write('name;full\na;b\n');
    const { report, rows } = await readAll({
      ...{ format: 'csv', path, file: 'data', csv: csvFormat, missing: 'tokens' },
      columns: ['name;full'],
    });
    expect(report.findings()).toEqual([]);
    expect(rows).toEqual([['a;b']]);
  });
});
