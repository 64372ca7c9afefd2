import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codes, csvFormat, parsePieces, readContent } from '../reading.test-support.js';
import { readWithFastCsv } from './fast-csv.test-support.js';
import { parseCsv } from './rows.js';

const backslash = { escape: '\\' };

describe('with escapechar: "\\"', () => {
  it.each([
    ['a quote inside quotes', String.raw`"say \"hi\"",2`, ['say "hi"', '2']],
    ['a doubled quote beside it', String.raw`"say ""hi"" \"you\"",2`, ['say "hi" "you"', '2']],
    ['itself', String.raw`"C:\\",\\`, ['C:\\', '\\']],
    ['a delimiter outside quotes', String.raw`a\,b,2`, ['a,b', '2']],
    ['a delimiter inside quotes', String.raw`"a\,b",2`, ['a,b', '2']],
    ['a quote outside quotes', String.raw`\"a\",2`, ['"a"', '2']],
    ['a line feed outside quotes', 'a\\\nb,2', ['a\nb', '2']],
    ['a CRLF outside quotes', 'a\\\r\nb,2', ['a\r\nb', '2']],
    ['nothing before other characters', String.raw`\N,C:\temp`, ['\\N', 'C:\\temp']],
    ['JSON in quotes', String.raw`"{\"a\": 1}",2`, ['{"a": 1}', '2']],
    ['a quote at the very end of a cell', String.raw`"\"","\""`, ['"', '"']],
  ])('a backslash protects %s', async (_, line, cells) => {
    for (const chunkSize of [1, 2, 3, 65536]) {
      const result = await readContent(`a,b\n${line}\nx,y\n`, 'csv', { ...backslash, chunkSize });
      expect(codes(result)).toEqual([]);
      expect(result.rows).toEqual([cells, ['x', 'y']]);
    }
  });

  it('a backslash at the end of the file is text', async () => {
    expect((await readContent('a,b\nx,y\\', 'csv', backslash)).rows).toEqual([['x', 'y\\']]);
  });

  it('cells as MySQL exports them come back, with a tab or a comma, quoted or not, cut anywhere', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('"', '\\', ',', '\t', '\n', '\r\n', '\r', ' ', 'a', 'N', 'é', '😀'),
      maxLength: 8,
    });
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });
    const quoting = fc.constantFrom('never', 'always');
    await fc.assert(
      fc.asyncProperty(table, quoting, fc.constantFrom(',', '\t'), sizes, async (rows, quotes, delimiter, pieces) => {
        const write = (text: string) => {
          const escaped = text.replaceAll(/\r\n|["\\\n\r]/g, '\\$&').replaceAll(delimiter, `\\${delimiter}`);
          return quotes === 'always' ? `"${escaped}"` : escaped;
        };
        // An unquoted carriage return at the end of a line would be one with its line feed.
        const lines = rows.map((row) => [...['x', ...row].map(write), 'y\n'].join(delimiter));
        const format = { ...csvFormat, ...backslash, delimiter };
        const result = await parsePieces(parseCsv(format), lines.join(''), pieces);
        expect(result.report.findings()).toEqual([]);
        expect(result.rows).toEqual(rows.map((row) => ['x', ...row, 'y']));
      }),
      { numRuns: 500 },
    );
  });

  it('quoted cells are read as fast-csv reads them', async () => {
    const cell = fc.string({ unit: fc.constantFrom('\\"', '\\\\', 'a', ' ', ';', '\n', '\\n'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
        const text = rows.map((row) => `${row.map((value) => `"${value}"`).join(',')}\n`).join('');
        // Only fast-csv keeps a backslash before a line ending.
        fc.pre(!/(?<!\\)(?:\\\\)*\\\n/.test(text));
        const dialect = { delimiter: ',', quote: '"', escape: '\\' };
        const result = await parsePieces(parseCsv({ ...csvFormat, ...dialect }), text, [1000]);
        expect(result.rows).toEqual(await readWithFastCsv(text, dialect));
      }),
      { numRuns: 500 },
    );
  });
});

describe('without escapechar', () => {
  it.each([
    ['text after a quote', String.raw`"{\"a\": 1}",2`],
    ['a quote that is not closed', String.raw`"say \"",2`],
  ])('%s names the option where a backslash stands before the quote', async (_, line) => {
    const result = await readContent(`a,b\n${line}\n`);
    expect(result.report.findings()[0]!.fix).toContain('set `spec.csv_options.escapechar: "\\\\"`');
  });

  it('the usual fix stays where no backslash stands before the quote', async () => {
    const result = await readContent('a,b\n"x"y,2\n');
    expect(result.report.findings()[0]!.fix).toContain('Double each quote');
  });
});
