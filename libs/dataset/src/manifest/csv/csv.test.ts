import { describe, expect, it } from '@jest/globals';
import { MAX_RECORD } from './tokenizer.js';
import { codes, readContent } from '../reading.test-support.js';

describe('a CSV file', () => {
  it.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['only carriage returns', 'a,b\r1,2\r3,4\r'],
    ['no line ending at the end', 'a,b\n1,2\n3,4'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['spaces around names and quotes', ' a ,"b "\n"1" , "2"\n3,4\n'],
  ])('is read with %s', async (_, content) => {
    const result = await readContent(content);
    expect(result).toMatchObject({ header: ['a', 'b'], lines: [2, 3] });
    expect(result.rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(result.report.totals()).toEqual([]);
    expect(result.reader.read).toBe(result.reader.size);
  });

  it('numbers rows by the line on which they begin, with blank lines and quoted line endings', async () => {
    const { rows, lines } = await readContent('\n\na,b\n\n"x\ny",1\n \n"""q""\r\n",2\n3,4\n');
    expect(rows).toEqual([
      ['x\ny', '1'],
      ['"q"\r\n', '2'],
      ['3', '4'],
    ]);
    expect(lines).toEqual([5, 8, 10]);
  });

  it('keeps quotes inside unquoted fields, spaces, and empty fields', async () => {
    const { rows } = await readContent('a,b,c\n5" pipe, x ,\n,,""\n');
    expect(rows).toEqual([
      ['5" pipe', ' x ', ''],
      ['', '', ''],
    ]);
  });

  it('accepts another delimiter, quote and escape', async () => {
    const csv = { delimiter: '\t', quote: "'", escape: '\\' };
    const { rows, report } = await readContent("a\tb\n'it\\'s\t\\\\'\t\"\n", 'csv', csv);
    expect(rows).toEqual([["it's\t\\", '"']]);
    expect(report.totals()).toEqual([]);
  });

  it('reads quotes as text if there is no quote character', async () => {
    const { rows } = await readContent('a,b\n"1,2\n', 'csv', { quote: '' });
    expect(rows).toEqual([['"1', '2']]);
  });

  it('reads a blank line as a row of empty cells if blank lines are not skipped', async () => {
    const { rows, lines } = await readContent('a,b\n\n1,2\n', 'csv', { skipBlankLines: false });
    expect(rows).toEqual([
      ['', ''],
      ['1', '2'],
    ]);
    expect(lines).toEqual([2, 3]);
  });

  it('keeps a U+FEFF that is not a byte order mark, with any chunks', async () => {
    for (const chunkSize of [1, 2, 5, 7, 8, 64]) {
      const { rows } = await readContent('a,b\n\ufeffx,1\n\ufeffy,2\n', 'csv', { chunkSize });
      expect(rows.map(([cell]) => cell)).toEqual(['\ufeffx', '\ufeffy']);
    }
  });
});

describe('a long record', () => {
  const text = 'x\ny, '.repeat(60_000);
  it.each([
    ['quoted', `"${text.replaceAll('y', '""')}"`, text.replaceAll('y', '"')],
    ['unquoted', 'x'.repeat(300_000), 'x'.repeat(300_000)],
    ['unquoted, with quotes in it', 'x"'.repeat(150_000), 'x"'.repeat(150_000)],
  ])('is read completely, with the lines after it: %s', async (_, written, value) => {
    for (const chunkSize of [1021, 65_536]) {
      const { rows, lines, report } = await readContent(`a,b\n${written},1\n2,3\n"4",5\n`, 'csv', { chunkSize });
      expect(report.errors).toBe(0);
      expect(rows[0]![0] === value).toBe(true);
      expect(rows.slice(1)).toEqual([
        ['2', '3'],
        ['4', '5'],
      ]);
      const after = 3 + (written.split('\n').length - 1);
      expect(lines).toEqual([2, after, after + 1]);
    }
  });
});

describe('an error in a CSV file', () => {
  it.each([
    ['empty-file', undefined, ''],
    ['empty-file', undefined, '\ufeff\n \n'],
    ['no-rows', undefined, 'a,b\n'],
    ['no-rows', undefined, 'a,b\n\n\n'],
    ['ragged-row', 3, 'a,b\n1,2\n1,2,3\n'],
    ['ragged-row', 2, 'a,b\n1\n1,2\n'],
    ['unclosed-quote', 3, 'a,b\n1,2\n"3,4\n5,6\n'],
    ['unclosed-quote', 1, '"a,b\n1,2\n'],
    ['text-after-quote', 3, 'a,b\n1,2\n"x"y,4\n5,6\n'],
    ['text-after-quote', 2, 'a,b\n"x\n\ny" z,4\n5,6\n'],
  ])('is reported as %s on line %s', async (code, row, content) => {
    for (const chunkSize of [1, 3, 65536]) {
      const result = await readContent(content, 'csv', { chunkSize });
      expect(codes(result)).toEqual([[code, row]]);
      expect(result.report.findings()[0]).toMatchObject({ severity: 'error', file: 'data' });
    }
  });

  it('is a warning for ragged rows with on_bad_lines: warn, which are skipped and counted', async () => {
    const result = await readContent('a,b\n1\n1,2\n1,2,3\n', 'csv', { onBadLines: 'warn' });
    expect(result.lines).toEqual([3]);
    expect(result.reader.skipped).toBe(2);
    expect(result.report).toMatchObject({ errors: 0, warnings: 2 });
  });

  it('is a warning for quotes in fields that do not begin with one, which are all counted', async () => {
    for (const chunkSize of [1, 3, 65536]) {
      const content = 'a,b\n5" pipe,"x"\n"y",\n 1"2",z\n"q"," ""w"""\n3"\n';
      const { report, rows } = await readContent(content, 'csv', { chunkSize, onBadLines: 'warn' });
      expect(rows.map(([first]) => first)).toEqual(['5" pipe', 'y', ' 1"2"', 'q']);
      expect(report.findings().filter(({ code }) => code === 'quote-in-field')).toMatchObject([
        { row: 2, severity: 'warning', message: expect.stringContaining('Field 1 of line 2 has a quote') },
        { row: 4, severity: 'warning' },
      ]);
    }
    const { report } = await readContent(`a,b\n${'1,5"\n'.repeat(500)}`);
    expect(report.totals()).toEqual([{ code: 'quote-in-field', severity: 'warning', total: 500 }]);
  });

  it('is not reported for quotes that an escape character protects', async () => {
    const { report } = await readContent('a,b\n5\\" pipe,"x\\""\n', 'csv', { escape: '\\' });
    expect(report.totals()).toEqual([]);
  });

  it('is counted for each ragged row, although not all are kept', async () => {
    const { report } = await readContent(`a,b\n${'1\n'.repeat(500)}`);
    // That there is no row is not a separate finding, since its fix would not help.
    expect(report.totals()).toEqual([{ code: 'ragged-row', severity: 'error', total: 500 }]);
    expect(report.findings()).toHaveLength(100);
  });

  it('has the offset and line of a byte that is not UTF-8, and keeps the rows before it', async () => {
    const content = Buffer.concat([Buffer.from('a,b\n1,ü\n'), Buffer.from([0x78, 0xe9, 0x2c, 0x31, 0x0a])]);
    for (const chunkSize of [1, 2, 3, 100]) {
      const result = await readContent(content, 'csv', { chunkSize });
      expect(codes(result)).toEqual([['not-utf8', 3]]);
      expect(result.report.findings()[0]).toMatchObject({
        value: '0xE9',
        message: expect.stringContaining('offset 10 '),
      });
      expect(result.rows).toEqual([['1', 'ü']]);
    }
  });

  it('is reported for a character that is cut off at the end of the file', async () => {
    const result = await readContent(Buffer.from('a,b\n1,€').subarray(0, -1));
    expect(codes(result)).toEqual([['not-utf8', 2]]);
  });

  it.each([
    ['encoding: utf-32le', Buffer.from([0x61, 0, 0, 0, 0x2c, 0, 0, 0, 0x62, 0, 0, 0])],
    ['encoding: iso-2022-jp', Buffer.from('a,b\n1,\x1b$BF|K\\\x1b(B\n')],
    ['encoding: utf-16le', Buffer.from('a,b\n1,2\n', 'utf16le')],
    ['encoding: utf-16be', Buffer.from('a,b\n1,2\n', 'utf16le').swap16()],
  ])('names another encoding and says what to do: %s', async (advice, content) => {
    const result = await readContent(content);
    expect(codes(result)).toEqual([['not-utf8', 1]]);
    expect(result.report.findings()[0]!.fix).toContain(advice);
  });

  it('ends the reading at a record that never ends, before it fills the memory', async () => {
    const long = 'x'.repeat(MAX_RECORD + 1024 * 1024);
    expect(codes(await readContent(`a,b\n1,2\n3,${long}`))).toEqual([['record-too-long', 3]]);
    expect(codes(await readContent(`a,b\n1,2\n3,"${long}`))).toEqual([['unclosed-quote', 3]]);
  });
});
