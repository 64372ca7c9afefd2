import { describe, expect, it } from '@jest/globals';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { codes, csvFormat, readAll, readContent, temporaryFolder } from '../reading.test-support.js';

const TABLE = 'station,operator,pumps,band\n101,Alba,6,low\n102,Beta,4,high\n103,Alba,8,low\n';
const clean = await readContent(TABLE);

async function fixed(content: string, format: Partial<CsvFormat>) {
  const { header, rows, report } = await readContent(content, 'csv', format);
  expect(report.findings()).toEqual([]);
  return { header, rows };
}

describe('a title above the header is an error that names skip_rows', () => {
  it.each([
    ['one line', `Extract of 2024-05-02\n${TABLE}`, 1],
    ['two lines', `Fuel stations\nas of May\n${TABLE}`, 2],
    ['a line and a blank one', `Fuel stations\n\n${TABLE}`, 2],
    ['a sheet with empty cells after the title', `Fuel stations,,,\n${TABLE}`, 1],
    ['a title in quotes', `"Stations, all of them"\r\n${TABLE.replaceAll('\n', '\r\n')}`, 1],
    ['a title with a tab as the delimiter', `Stations, all of them\n${TABLE.replaceAll(',', '\t')}`, 1],
  ])('%s', async (_, content, lines) => {
    const format = content.includes('\t') ? { delimiter: '\t' } : {};
    const { report, rows } = await readContent(content, 'csv', format);
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'title-line', row: 1, fix: `Set \`spec.csv_options.skip_rows: ${lines}\`.` }),
    ]);
    expect(rows).toEqual([]);
    expect(await fixed(content, { ...format, skipRows: lines })).toMatchObject({
      header: clean.header,
      rows: clean.rows,
    });
  });

  it.each([
    ['one column', 'text\nhello\nworld\n'],
    ['rows of numbers after one name', 'a\n1,2\n3,4\n'],
    ['rows of various widths', 'title\na,b\nx\ny\nz\n'],
  ])('but not in %s', async (_, content) => {
    expect(codes(await readContent(content)).map(([code]) => code)).not.toContain('title-line');
  });
});

describe('a line with the configured columns below a first line without them is the header', () => {
  const columns = ['station', 'operator', 'pumps', 'band'];
  const read = async (content: string, csv: Partial<CsvFormat> = {}) => {
    using folder = temporaryFolder();
    const path = folder.write(content);
    return await readAll({
      format: 'csv',
      path,
      file: 'data',
      csv: { ...csvFormat, ...csv },
      missing: 'tokens',
      columns,
    });
  };

  it.each([
    ['fields in the title', `Stations, all of them, 2024\n${TABLE}`, 1],
    ['names and values', `Report,stations\nDate,2024-05-02\n\n${TABLE}`, 3],
    ['a table before it', `total,3\nopen,2\n${TABLE}`, 2],
  ])('%s', async (_, content, lines) => {
    const { report, rows } = await read(content);
    expect(report.findings()).toEqual([
      expect.objectContaining({ code: 'title-line', row: 1, fix: `Set \`spec.csv_options.skip_rows: ${lines}\`.` }),
    ]);
    expect(rows).toEqual([]);
    const after = await read(content, { skipRows: lines });
    expect(after.report.findings()).toEqual([]);
    expect(after).toMatchObject({ header: clean.header, rows: clean.rows });
  });

  it.each([
    ['other names', 'a,b,c,d\n1,2,3,4\n'],
    ['values that are names of columns', 'what,whose\nstation,me\nband,you\n'],
    ['the header itself', TABLE],
  ])('but not with %s', async (_, content) => {
    expect(codes(await read(content)).map(([code]) => code)).not.toContain('title-line');
  });
});

describe('a space after each delimiter is a warning that names skip_initial_space', () => {
  it.each([
    ['texts', 'a, b, c\nx, y, z\nu, v, w\n'],
    ['texts and numbers', 'a, b, c\n1, y, 2\n3, v, 4\n'],
    ['tabs', 'a,\tb\nx,\ty\nu,\tv\n'],
  ])('%s', async (_, content) => {
    const { report } = await readContent(content);
    expect(report.findings()).toMatchObject([{ code: 'space-after-delimiter', severity: 'warning', row: 2 }]);
    expect(report.findings()[0]!.fix).toContain('`spec.csv_options.skip_initial_space: true`');
    const headless = await readContent(content, 'csv', { header: 'none' });
    expect(codes(headless)).toContainEqual(['space-after-delimiter', expect.any(Number)]);
    const { rows } = await fixed(content, { skipInitialSpace: true });
    expect(rows).toEqual((await readContent(content.replaceAll(/,[ \t]/g, ','))).rows);
  });

  it.each([
    ['aligned numbers', 'a,b\n1,  2\n3, 41\n'],
    ['some texts', 'a,b\nx, y\nu,v\nw, z\n'],
    ['a header alone', 'a, b\nx,y\nu,v\n'],
  ])('but not %s', async (_, content) => {
    expect(codes(await readContent(content))).toEqual([]);
  });
});

describe('a first line that looks like data is a warning that names header: none', () => {
  it.each([
    ['numbers and words', '39,private,77516,<=50K\n50,self,83311,<=50K\n38,private,215646,>50K\n'],
    ['words alone', 'flat,almond,woods\nbell,foul,woods\nflat,none,grass\nbell,almond,paths\n'],
    ['numbers alone', '5.1,3.5,1.4\n4.9,3.0,1.4\n4.7,3.2,1.3\n'],
    ['a date and a number', '2024-01-01,7\n2024-01-02,9\n2024-01-03,4\n'],
    ['quoted cells', '"5.1","x"\n"4.9","x"\n"4.7","y"\n'],
  ])('%s', async (_, content) => {
    const { report } = await readContent(content);
    expect(report.findings()).toMatchObject([
      {
        code: 'no-header',
        severity: 'warning',
        row: 1,
        fix: expect.stringContaining('`spec.csv_options.header: none`'),
      },
    ]);
    const { rows } = await fixed(content, { header: 'none' });
    expect(rows).toHaveLength(content.trimEnd().split('\n').length);
  });

  it.each([
    ['names', TABLE],
    ['years', 'country,1990,1991,1992\nA,1,2,3\nB,4,5,6\nC,7,8,9\n'],
    ['one year', 'country,2020\nA,1\nB,4\nC,7\n'],
    ['the numbers of pixels', '0,1,2,label\n5,0,7,a\n1,1,1,b\n0,1,2,a\n'],
    ['a name that is also a value', 'color,size\nred,1\ncolor,2\nblue,3\n'],
  ])('but not %s', async (_, content) => {
    expect(codes(await readContent(content))).toEqual([]);
  });
});

describe('a second line of units is a warning that names units_row', () => {
  const rows = '2019-01-01T00:00:00Z,8.1,0.9\n2019-01-01T01:00:00Z,8.0,1.1\n2019-01-01T02:00:00Z,7.9,\n';
  it.each([
    ['of ERDDAP', 'UTC,degree_C,m'],
    ['in brackets', ',(°C),[m]'],
    ['with signs', '-,%,$'],
    ['that are compound', 'UTC,kg/m^2,m s-1'],
    ['in quotes', '"UTC","deg C","m"'],
  ])('%s', async (_, units) => {
    const content = `time,temp,height\n${units}\n${rows}`;
    const { report } = await readContent(content);
    expect(report.findings()).toMatchObject([
      {
        code: 'units-row',
        severity: 'warning',
        row: 2,
        fix: expect.stringContaining('`spec.csv_options.units_row: true`'),
      },
    ]);
    const plain = await readContent(`time,temp,height\n${rows}`);
    expect((await fixed(content, { unitsRow: true })).rows).toEqual(plain.rows);
  });

  it.each([
    ['missing values', 'a,b\nNA,n/a\n1,2\n3,4\n'],
    ['a question mark', 'a,b\n?,x\n1,y\n3,x\n'],
    ['a value of its column', 'a,b\nlow,x\n1,y\nlow,x\n2,y\n3,y\n4,y\n5,y\n6,y\n7,y\n8,y\n'],
    ['one number', 'a,b\nm,7\n1,2\n3,4\n'],
    ['columns of text', 'a,b\nx,y\nz,w\nu,v\n'],
  ])('but not %s', async (_, content) => {
    expect(codes(await readContent(content))).toEqual([]);
  });
});

describe('a row that repeats the header', () => {
  const content = 'cap,edible\nflat,yes\ncap,edible\nbell,no\n';
  it('is an error with its line', async () => {
    for (const chunkSize of [1, 7, 65536]) {
      const result = await readContent(content, 'csv', { chunkSize });
      expect(codes(result)).toEqual([['repeated-header', 3]]);
    }
  });

  it('is skipped with a warning where bad lines are', async () => {
    const result = await readContent(content, 'csv', { onBadLines: 'warn' });
    expect(result.report).toMatchObject({ errors: 0, warnings: 1 });
    expect(result.lines).toEqual([2, 4]);
    expect(result.reader.skipped).toBe(1);
  });

  it('is counted as what it is beyond those that are kept', async () => {
    const many = `cap,edible\nflat,yes\n${'cap,edible\n'.repeat(300)}`;
    expect((await readContent(many)).report).toMatchObject({ errors: 300, warnings: 0 });
    const warned = await readContent(many, 'csv', { onBadLines: 'warn' });
    expect(warned.report).toMatchObject({ errors: 0, warnings: 300 });
    expect(warned.report.findings().slice(0, 2)).toMatchObject([{ row: 3 }, { row: 4 }]);
    expect(warned.lines).toEqual([2]);
  });

  it.each([
    ['in quotes', '"cap","edible"\nflat,yes\ncap,"edible"\nbell,no\n', 3],
    ['right after it', 'cap,edible\ncap,edible\nbell,no\nflat,yes\n', 2],
    ['at the end without a line end', 'cap,edible\nflat,yes\nbell,no\ncap,edible', 4],
    ['with space around the names', ' cap , edible\nflat,yes\n cap , edible\nbell,no\n', 3],
    ['in another case', 'cap,edible\nflat,yes\nCAP,Edible\nbell,no\n', 3],
    ['after a row with a wrong quote', 'cap,edible\n"a"b,yes\ncap,edible\nbell,no\n', 3],
  ])('is found %s', async (_, text, row) => {
    expect(codes(await readContent(text))).toContainEqual(['repeated-header', row]);
  });

  it('is an error in another order, also where bad lines are skipped', async () => {
    const text = 'cap,odor,edible\nflat,none,yes\nodor,cap,edible\nfoul,bell,no\n';
    for (const onBadLines of ['error', 'warn'] as const) {
      const { report } = await readContent(text, 'csv', { onBadLines });
      expect(report.findings()).toMatchObject([{ code: 'repeated-header', severity: 'error', row: 3 }]);
      expect(report.findings()[0]!.message).toContain('in another order');
    }
  });

  it('is not a row that shares some cells with it, nor the name of the only column', async () => {
    expect(codes(await readContent('cap,edible\ncap,yes\nflat,no\nbell,no\n'))).toEqual([]);
    expect(codes(await readContent('word\na\nword\n'))).toEqual([]);
    expect(codes(await readContent('from,to\na,b\nto,from\n'))).toEqual([]);
  });
});
