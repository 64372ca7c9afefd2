import { describe, expect, it } from '@jest/globals';
import { MAX_RECORD } from './tokenizer.js';
import { codes, readContent } from '../reading.test-support.js';

describe('a CSV file', () => {
  it.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns alone', 'a,b\r1,2\r3,4\r'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
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

  it('numbers rows by the line on which they begin, past blank lines and quoted line ends', async () => {
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

  it('takes another delimiter, quote and escape', async () => {
    const csv = { delimiter: '\t', quote: "'", escape: '\\' };
    const { rows, report } = await readContent("a\tb\n'it\\'s\t\\\\'\t\"\n", 'csv', csv);
    expect(rows).toEqual([["it's\t\\", '"']]);
    expect(report.totals()).toEqual([]);
  });

  it('takes quotes as text where there is no quote character', async () => {
    const { rows } = await readContent('a,b\n"1,2\n', 'csv', { quote: '' });
    expect(rows).toEqual([['"1', '2']]);
  });

  it('gives a row of empty cells for a blank line when blank lines are not skipped', async () => {
    const { rows, lines } = await readContent('a,b\n\n1,2\n', 'csv', { skipBlankLines: false });
    expect(rows).toEqual([
      ['', ''],
      ['1', '2'],
    ]);
    expect(lines).toEqual([2, 3]);
  });

  it('keeps a U+FEFF that does not begin the file, wherever the file is cut', async () => {
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
  ])('comes through whole, with the lines after it: %s', async (_, written, value) => {
    for (const chunkSize of [1021, 65_536]) {
      const { rows, lines, report } = await readContent(`a,b\n${written},1\n2,3\n"4",5\n`, 'csv', { chunkSize });
      expect(report.totals()).toEqual([]);
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

describe('what is wrong with a CSV file', () => {
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

  it('skips and counts ragged rows with on_bad_lines: warn', async () => {
    const result = await readContent('a,b\n1\n1,2\n1,2,3\n', 'csv', { onBadLines: 'warn' });
    expect(result.lines).toEqual([3]);
    expect(result.reader.skipped).toBe(2);
    expect(result.report).toMatchObject({ errors: 0, warnings: 2 });
  });

  it('counts ragged rows beyond those it keeps', async () => {
    const { report } = await readContent(`a,b\n${'1\n'.repeat(500)}`);
    // The rows were refused, so a finding that there are no rows would only mislead.
    expect(report.totals()).toEqual([{ code: 'ragged-row', severity: 'error', total: 500 }]);
    expect(report.findings()).toHaveLength(100);
  });

  it('gives the offset of a byte that is not UTF-8, its line, and what is before it', async () => {
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

  it('reports a character that the end of the file cuts', async () => {
    const result = await readContent(Buffer.from('a,b\n1,€').subarray(0, -1));
    expect(codes(result)).toEqual([['not-utf8', 2]]);
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
  ])('recognises other encodings and says what to do: %s', async (advice, content) => {
    const result = await readContent(content);
    expect(codes(result)).toEqual([['not-utf8', 1]]);
    expect(result.report.findings()[0]!.fix).toContain(advice);
  });

  it('stops at a record that does not end, before it fills the memory', async () => {
    const long = 'x'.repeat(MAX_RECORD + 1024 * 1024);
    expect(codes(await readContent(`a,b\n1,2\n3,${long}`))).toEqual([['record-too-long', 3]]);
    expect(codes(await readContent(`a,b\n1,2\n3,"${long}`))).toEqual([['unclosed-quote', 3]]);
  });
});
