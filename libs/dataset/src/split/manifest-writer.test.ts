import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { parsePieces } from '../manifest/reading.test-support.js';
import { parseJson } from '../manifest/json/rows.js';
import { ElementSplitter } from './json-elements.js';
import { rowsOf, split } from './split.test-support.js';

/** All rows but the last are in the training set. */
const CUT = { time: 't', testSize: 1 };

describe('rows keep the text of the file', () => {
  it.each<[string, string, string, string]>([
    ['line feeds', 't,x\n1,a\n2,b\n3,c\n', 't,x\n1,a\n2,b\n', 't,x\n3,c\n'],
    ['CRLF', 't,x\r\n1,a\r\n2,b\r\n3,c\r\n', 't,x\r\n1,a\r\n2,b\r\n', 't,x\r\n3,c\r\n'],
    ['a last line without a line ending', 't\r\n1\r\n2\r\n3', 't\r\n1\r\n2\r\n', 't\r\n3\r\n'],
    [
      'quotes, doubled quotes, delimiters and line ends in cells',
      't,"x"\n1," a "\n"2","b ""c"", d\r\ne"\n3,"\n"\n',
      't,"x"\n1," a "\n"2","b ""c"", d\r\ne"\n',
      't,"x"\n3,"\n"\n',
    ],
    ['spaces around cells and names', ' t ,x\n 1,a \n2 , b\n3,c\n', ' t ,x\n 1,a \n2 , b\n', ' t ,x\n3,c\n'],
    ['without blank lines', '\n\nt\n\n1\n2\n \n3\n\n', 't\n1\n2\n', 't\n3\n'],
    ['without a byte order mark', '\ufefft\n1\n2\n3\n', 't\n1\n2\n', 't\n3\n'],
  ])('%s', async (_name, content, train, test) => {
    expect(await split(content, CUT)).toMatchObject({ train, test });
  });

  it('with other delimiters and quotes', async () => {
    const content = "t;x\n1;'a;'\n2;'it''s'\n3;c\n";
    const { train, test } = await split(content, { ...CUT, csv: { delimiter: ';', quote: "'", escape: "'" } });
    expect([train, test]).toEqual(["t;x\n1;'a;'\n2;'it''s'\n", 't;x\n3;c\n']);
  });

  it.each<[string, Partial<CsvFormat>, string, [string, string], string]>([
    ['a line that states the delimiter', {}, 'sep=;\nt;x\n', ['1;a\n', '2;b\n'], ''],
    ['skipped lines', { skipRows: 2 }, 'Title "\n\nt,x\n', ['1,a\n', '2,b\n'], ''],
    ['lines of names and units', { header: [2, 4], unitsRow: true }, 'x\nt,x\n\n,\nm,s\n', ['1,a\n', '2,b\n'], ''],
    ['no header', { header: 'none', columnNames: ['t', 'x'] }, '', ['1,a\r\n', '2,b\r\n'], ''],
    ['a footer', { skipFooter: 2 }, 't,x\n', ['1,a\n', '2,b\n'], '\nTotal,2\nby us\n'],
    ['comments before the rows', { comment: '#' }, '#by us\nt,x\n#"\n', ['1,a\n', '2,b\n'], ''],
  ])('what the dialect needs: %s', async (_name, csv, start, [first, last], end) => {
    const { train, test } = await split(start + first + last + end, { ...CUT, csv });
    expect([train, test]).toEqual([start + first + end, start + last + end]);
  });

  it('a record with bad quoting that `on_bad_lines: warn` skips is in neither', async () => {
    const content = 't,x\n1,a\n2,"b"c\n3,d\n4,"e\n5,f\n';
    const { train, test, result } = await split(content, { ...CUT, csv: { onBadLines: 'warn' } });
    expect([train, test, result.skipped]).toEqual(['t,x\n1,a\n3,d\n', 't,x\n5,f\n', 2]);
  });

  it('without the rows that `on_bad_lines: warn` skips', async () => {
    const { train, test, result } = await split('t,x\n1,a\n2\n3,c\n4,"\n"\n', { ...CUT, csv: { onBadLines: 'warn' } });
    expect([train, test, result.skipped]).toEqual(['t,x\n1,a\n3,c\n', 't,x\n4,"\n"\n', 1]);
  });

  it('even if they are longer than what is read at a time', async () => {
    const long = `"${'x\n"",'.repeat(30_000)}"`;
    const content = `t,x\r\n1,${long}\r\n2,b\r\n3,${long}\r\n`;
    const { train, test } = await split(content, CUT);
    expect(train === `t,x\r\n1,${long}\r\n2,b\r\n`).toBe(true);
    expect(test === `t,x\r\n3,${long}\r\n`).toBe(true);
  });
});

describe('JSON', () => {
  it('lines stay lines', async () => {
    const content = '{"t": 1, "x": "a"}\r\n\n{ "t":2.50,"x":null }\n{"x": "\\u0041", "t": 3}';
    const { train, test } = await split(content, { ...CUT, name: 'data.jsonl' });
    expect([train, test]).toEqual(['{"t": 1, "x": "a"}\n{ "t":2.50,"x":null }\n', '{"x": "\\u0041", "t": 3}\n']);
  });

  it('an array stays an array', async () => {
    const content = '[{"t": 1, "x": "],["}, {"t": 2, "x": "\\"}"},\n  {"t": 3,\n "x": true} ]\n';
    const { train, test } = await split(content, { ...CUT, name: 'data.json' });
    expect(train).toBe('[\n{"t": 1, "x": "],["},\n{"t": 2, "x": "\\"}"}\n]\n');
    expect(test).toBe('[\n{"t": 3,\n "x": true}\n]\n');
  });

  it('the first record of each side gets the keys that only the first record of the file has', async () => {
    const { test } = await split('{"t": 1, "a b": 1, "c": 2}\n{"t": 2}\n{"t": 3}\n{"t": 4, "c": 5}\n', {
      ...{ time: 't', testSize: 2, name: 'data.jsonl' },
    });
    expect(test).toBe('{"t": 3, "a b": null, "c": null}\n{"t": 4, "c": 5}\n');
    expect(await rowsOf(test, 'data.json')).toEqual([
      ['t', 'a b', 'c'],
      ['3', '', ''],
      ['4', '', '5'],
    ]);
  });

  it('arrays are cut into the elements that the reader finds, for any pieces', async () => {
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '],[', '},{', '\\"'),
      fc.integer(),
    );
    const objects = fc.array(fc.record({ a: values, 'b,"[': values }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(objects, fc.nat(30), fc.constantFrom(undefined, 1, '\t'), async (list, size, indent) => {
        const text = JSON.stringify(list, null, indent);
        const splitter = new ElementSplitter();
        const cut: string[] = [];
        for (let at = 0; at < text.length; at += size + 1) cut.push(...splitter.push(text.slice(at, at + size + 1)));
        expect(cut.map((element) => JSON.parse(element) as unknown)).toEqual(list);
        const { rows } = await parsePieces(parseJson, text.toWellFormed(), [1000]);
        expect(cut).toHaveLength(rows.length - 1);
      }),
      { numRuns: 50 },
    );
  });
});

it('errors of the file are reported, and nothing is written', async () => {
  const { report, train, test } = await split('t,x\n1,a\n2\n', {});
  expect(report.findings()).toMatchObject([{ code: 'ragged-row', row: 3 }]);
  expect(train + test).toBe('');
  const unknown = await split('t,x\n1,a\n2,b\n', { label: 'labl', groupBy: 'X' });
  expect(unknown.report.findings()).toMatchObject([
    { code: 'missing-column', column: 'labl' },
    { code: 'column-name-differs', column: 'X' },
  ]);
});
