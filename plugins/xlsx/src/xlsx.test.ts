import { expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { type SheetCell, workbook, readBook } from './workbook.test-support.js';
import { readZip } from './zip.js';

const date = (serial: number | string): SheetCell => ({ attributes: 's="1"', v: String(serial) });
const moment = (serial: number | string): SheetCell => ({ attributes: 's="2"', v: String(serial) });
const time = (serial: number | string): SheetCell => ({ attributes: 's="3"', v: String(serial) });
const raw = (v: string): SheetCell => ({ v });

it('reads a sheet: numbers as they are written, dates as dates, texts as they are', async () => {
  const { header, rows, lines, report } = await readBook(
    workbook({
      Data: [
        ['id', 'x', 'day', 'at', 'time', 'text', 'flag'],
        [1, 0.1, date(45351), moment(45351.5), time(0.75), ' 007 ', true],
        [],
        [
          raw('12345678901234567890'),
          raw('1.1000000000000001'),
          date(1),
          moment(45352),
          time('0.999988425925926'),
          'a\n"b" <&>',
          false,
        ],
        [raw('1E-3'), raw('-2.5'), date(61), moment('45351.50000578704'), null, null, null],
      ],
    }),
  );
  expect(report.findings()).toEqual([]);
  expect(header).toEqual(['id', 'x', 'day', 'at', 'time', 'text', 'flag']);
  expect(rows).toEqual([
    ['1', '0.1', '2024-02-29', '2024-02-29T12:00:00', '18:00:00', ' 007 ', 'true'],
    ['12345678901234567890', '1.1', '1900-01-01', '2024-03-01T00:00:00', '23:59:59', 'a\n"b" <&>', 'false'],
    ['0.001', '-2.5', '1900-03-01', '2024-02-29T12:00:00.5', '', '', ''],
  ]);
  expect(lines).toEqual([2, 4, 5]);
});

it('every second of a day, and every day of a century, is exact', async () => {
  const seconds = Array.from({ length: 2000 }, (_, index) => 45_000 + (index * 43 + 1) / 86_400);
  const days = Array.from({ length: 2000 }, (_, index) => 20_000 + index * 18);
  const { rows } = await readBook(
    workbook({ A: [['s', 'd'], ...seconds.map((second, index) => [moment(second), date(days[index]!)])] }),
  );
  for (const [index, [second, day]] of rows.entries()) {
    const at = Date.UTC(2023, 2, 15) + (index * 43 + 1) * 1000;
    expect(second).toBe(new Date(at).toISOString().slice(0, 19));
    expect(day).toBe(new Date(Date.UTC(1899, 11, 30) + days[index]! * 86_400_000).toISOString().slice(0, 10));
  }
});

it('an error of a formula is a text, as in a CSV, and not a missing value', async () => {
  const { rows } = await readBook(workbook({ A: [['x'], [1], [{ attributes: 't="e"', v: '#DIV/0!' }]] }));
  expect(rows).toEqual([['1'], ['#DIV/0!']]);
});

it('columns after the header have no name, which is a warning', async () => {
  const { header, report } = await readBook(
    workbook({
      A: [
        ['a', null, 'c'],
        [1, 2, 3, 4],
      ],
    }),
  );
  expect(header).toEqual(['a', '', 'c', '']);
  expect(report.findings().map(({ code }) => code)).toEqual(['empty-column-name', 'empty-column-name']);
});

it('of several sheets one must be named, and an empty one does not count', async () => {
  const one = workbook({ Notes: [], Data: [['a'], [1]] });
  expect((await readBook(one)).rows).toEqual([['1']]);
  const two = workbook({ A: [['a'], [1]], 'B & C': [['b'], [2]] });
  const { report } = await readBook(two);
  expect(report.findings()).toMatchObject([{ code: 'unreadable-table', file: 'data' }]);
  expect(report.findings()[0]!.fix).toContain(
    '`spec.xlsx_options.sheet` to one of A, B & C. For `ingestor init`: --sheet',
  );
  expect(await readBook(two, { tableOptions: { sheet: 'B & C' } })).toMatchObject({ header: ['b'], rows: [['2']] });
  const wrong = await readBook(two, { tableOptions: { sheet: 'D' } });
  expect(wrong.report.findings()[0]!.fix).toContain('the sheets are A, B & C');
});

it('a title before the header is an error, and the advice reads the table', async () => {
  const book = workbook({ A: [[], ['Sales 2024'], [], ['a', 'b', 'c'], [1, 2, 3]] });
  const { report } = await readBook(book);
  expect(report.findings()[0]).toMatchObject({
    fix: 'Set `spec.xlsx_options.header_row` to the row of the names, such as 4.',
  });
  const { header, rows, lines } = await readBook(book, { tableOptions: { header_row: 4 } });
  expect([header, rows, lines]).toEqual([['a', 'b', 'c'], [['1', '2', '3']], [5]]);
});

it('a packed workbook is read, and one that is damaged, too large or none is an error that says so', async () => {
  const plain = workbook({ A: [['a'], [1]] });
  const files = Object.fromEntries(
    readZip(plain, () => true, 1 << 20).map(({ name, content }) => [name, new Uint8Array(content)]),
  );
  expect((await readBook(zipSync(files))).rows).toEqual([['1']]);
  const large = Buffer.from(plain);
  large.writeUInt32LE(300 << 20, large.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  const lying = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(1 << 20) }));
  lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  const cases: [Uint8Array, string][] = [
    [large, 'at most 256 MiB'],
    [lying, 'damaged'],
    [plain.subarray(0, -30), 'damaged'],
    [Buffer.from('a,b\n1,2\n'), 'is not an Excel workbook'],
    [zipSync({ 'a.txt': new Uint8Array(3) }), 'cannot be read'],
    [new Uint8Array(0), 'is not an Excel workbook'],
  ];
  for (const [content, message] of cases) {
    const { report } = await readBook(content);
    expect(report.findings()).toMatchObject([{ code: 'unreadable-table' }]);
    expect(report.findings()[0]!.message).toContain(message);
  }
});

it('the shards have each row once', async () => {
  const book = workbook({ A: [['a'], ...Array.from({ length: 50 }, (_, row) => (row % 7 ? [row] : []))] });
  const found: string[] = [];
  for (let index = 0; index < 3; index++) {
    found.push(...(await readBook(book, { shard: { index, count: 3, rows: 'own' } })).rows.map(([cell]) => cell!));
  }
  expect(found).toEqual((await readBook(book)).rows.map(([cell]) => cell));
});
