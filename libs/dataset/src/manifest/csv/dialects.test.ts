import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WHITESPACE, type CsvFormat } from '@tracebloc/ingestor-core';
import { codes, csvFormat, parsePieces, readContent } from '../reading.test-support.js';
import { anyDialectFile } from './dialect.test-support.js';
import { readWithFastCsv } from './fast-csv.test-support.js';
import { parseCsv } from './rows.js';

const COLUMNS = ['a', 'b'];
const ROWS = [
  ['1', '2'],
  ['3', '4'],
];

/** A file in some dialect, which always has the columns a and b and the rows 1, 2 and 3, 4 from the given lines. */
type Case = [what: string, content: string, format: Partial<CsvFormat>, lines?: number[]];

const CASES: Case[] = [
  ['a delimiter of two characters', 'a||b\n1||2\n"3"||4\n', { delimiter: '||' }],
  ['a delimiter of two characters whose half is text', 'a~~b\n1~~2\n3~~"4"\n', { delimiter: '~~' }],
  ['a delimiter with spaces', 'a | b\n1 | 2\n"3" | "4"\n', { delimiter: ' | ' }],
  ['an emoji as the delimiter', 'a😀b\n1😀2\n"3"😀4\n', { delimiter: '😀' }],
  ['several delimiters in a row', 'a<>b\n1<>2\n3<>4', { delimiter: '<>' }],

  ['aligned columns', '  a   b\n  1   2\n  3   4\n', { delimiter: WHITESPACE }],
  ['aligned columns with tabs and spaces at the end', 'a\tb  \n1 \t 2\t\n\n3 4 \n', { delimiter: WHITESPACE }, [2, 4]],
  ['aligned columns with quotes', '"a" b\n"1"  "2"\n 3 "4" \n', { delimiter: WHITESPACE }],
  ['aligned columns of CRLF', 'a b\r\n1 2\r\n3   4\r\n', { delimiter: WHITESPACE }],
  ['aligned columns without a last line end', 'a b\n1 2\n 3 4', { delimiter: WHITESPACE }],

  ['spaces after the delimiter', 'a, b\n1, 2\n3,   4\n', { skipInitialSpace: true }],
  ['spaces before a quote', 'a, b\n1, "2"\n  "3",  4\n', { skipInitialSpace: true }],
  ['spaces and tabs after the delimiter', 'a, b\n 1,\t2\n3, \t4\n', { skipInitialSpace: true }],
  ['spaces after a tab', 'a\t b\n1\t 2\n3\t4\n', { skipInitialSpace: true, delimiter: '\t' }],
  ['spaces after the delimiter beside quoted cells', 'a, b\n"1", 2\n 3, "4" \n', { skipInitialSpace: true }],

  ['a delimiter at the end of every line', 'a|b|\n1|2|\n3|4|\n', { delimiter: '|', trailingDelimiter: true }],
  ['a delimiter at the end of the rows alone', 'a,b\n1,2,\n3,4,\n', { trailingDelimiter: true }],
  ['a delimiter at the end of some rows', 'a,b,\n1,2\n3,4,\n', { trailingDelimiter: true }],
  ['a delimiter at the end of quoted rows', '"a","b",\n"1","2",\n"3","4",', { trailingDelimiter: true }],
  ['a delimiter and CRLF at the end', 'a,b,\r\n1,2,\r\n3,4,\r\n', { trailingDelimiter: true }],

  ['a first line that states the delimiter', 'sep=;\na;b\n1;2\n3;4\n', {}, [3, 4]],
  ['SEP= in quotes with CRLF', '"SEP=\t"\r\na\tb\r\n1\t2\r\n3\t4\r\n', {}, [3, 4]],
  ['sep= with the default', 'sep=,\na,b\n1,2\n3,4\n', {}, [3, 4]],
  ['sep= against another delimiter', 'sep=;\na|b\n1|2\n3|4\n', { delimiter: '|' }, [3, 4]],
  ['sep= against a given comma', 'sep=;\na,b\n1,2\n3,4\n', { keepsDelimiter: true }, [3, 4]],
  ['sep= that is among the skipped lines', 'sep=;\nx\na;b\n1;2\n3;4\n', { skipRows: 2 }, [4, 5]],

  ['lines to skip', 'Title, with "quotes\n\na,b\n1,2\n3,4\n', { skipRows: 2 }, [4, 5]],
  ['a header on a line', 'x\ny,z,"\na,b\n1,2\n3,4\n', { header: [3] }, [4, 5]],
  ['a header after blank lines', 'Title\n\n\na,b\n1,2\n3,4\n', { header: [2] }, [5, 6]],
  ['a header of CR', 'x\ra,b\r1,2\r3,4', { header: [2] }, [3, 4]],
  ['a footer', 'a,b\n1,2\n3,4\nTotal,4,6\nSource: us\n\n', { skipFooter: 2 }],
  ['a footer with a wrong quote', 'a,b\n1,2\n3,4\n"Source" us\n', { skipFooter: 1 }],

  ['comments', '# by me\na,b\n#1,"9\n1,2\n#\n3,4\n#end', { comment: '#' }, [4, 6]],
  ['comments of CRLF', '#x\r\na,b\r\n#\r\n1,2\r\n3,4\r\n', { comment: '#' }, [4, 5]],
  ['comments before a title', '#\n"title\n#x,"\na,b\n1,2\n3,4\n', { comment: '#', header: [4] }, [5, 6]],
  ['comments without a line end', 'a,b\n1,2\n3,4\n#', { comment: '#' }],
  ['comments among quoted cells', '"a","b"\n%"\n"1","2"\n"3","4"\n', { comment: '%' }, [3, 4]],

  ['units after the header', 'a,b\nm,"s"\n1,2\n3,4\n', { unitsRow: true }, [3, 4]],
  ['units with another number of fields', 'a,b\n(SI)\n1,2\n3,4\n', { unitsRow: true }, [3, 4]],
  ['units of CRLF', 'a,b\r\n"m\r\n2",s\r\n1,2\r\n3,4\r\n', { unitsRow: true }, [4, 5]],
  ['units after two lines of names', 'a,\n,b\nm,s\n1,2\n3,4\n', { unitsRow: true, header: [1, 2] }, [4, 5]],
  ['units after blank lines', 'a,b\n\nm,s\n\n1,2\n3,4\n', { unitsRow: true }, [5, 6]],

  ['no header, with the names of the schema', '1,2\n3,4\n', { header: 'none', columnNames: COLUMNS }, [1, 2]],
  ['no header after skipped lines', 'x\n1,2\n3,4\n', { header: 'none', columnNames: COLUMNS, skipRows: 1 }, [2, 3]],
  ['no header after blank lines', '\n \n1,2\n3,4\n', { header: 'none', columnNames: COLUMNS }, [3, 4]],
  ['no header in quotes', '"1",2\r\n3,4', { header: 'none', columnNames: COLUMNS }, [1, 2]],
  [
    'no header and a delimiter at the end',
    '1,2,\n3,4,\n',
    { header: 'none', columnNames: COLUMNS, trailingDelimiter: true },
    [1, 2],
  ],
];

describe('a file with', () => {
  it.each(CASES)('%s is read, however it is cut', async (_, content, format, lines = [2, 3]) => {
    for (const chunkSize of [1, 2, 3, 7, 65536]) {
      const result = await readContent(content, 'csv', { ...format, chunkSize });
      expect(codes(result)).toEqual([]);
      expect(result.header).toEqual(COLUMNS);
      expect(result.rows).toEqual(ROWS);
      expect(result.lines).toEqual(lines);
    }
  });

  it('several header lines has their names joined, without those in between', async () => {
    const content = 'Export\nTime,Temperature,\nignored\n,air,"sea, deep"\n1,2,3\n';
    const { header, rows, lines } = await readContent(content, 'csv', { header: [2, 4] });
    expect(header).toEqual(['Time', 'Temperature_air', 'sea, deep']);
    expect(rows).toEqual([['1', '2', '3']]);
    expect(lines).toEqual([5]);
  });

  it('no header has numbered columns where the schema does not name as many', async () => {
    const { header, rows } = await readContent('1,2\n', 'csv', { header: 'none', columnNames: ['a'] });
    expect(header).toEqual(['column_1', 'column_2']);
    expect(rows).toEqual([['1', '2']]);
  });

  it('a field after the last delimiter is not read without a word', async () => {
    const result = await readContent('a,b\n1,2,x\n3,4,\n', 'csv', { trailingDelimiter: true });
    expect(codes(result)).toEqual([['ragged-row', 2]]);
    expect(result.rows).toEqual([['3', '4']]);
  });

  it('a word that only begins like sep= is a header', async () => {
    for (const content of ['sep\n1\n', 'sep=\n1\n', 'sep=;x\n1\n', 'separate\n1\n', 's']) {
      for (const chunkSize of [1, 65536]) {
        const { header } = await readContent(content, 'csv', { chunkSize });
        expect(header).toEqual([content.split('\n')[0]]);
      }
    }
  });
});

describe('the fix of a finding names the option whose absence causes it', () => {
  const trailing = 'set `spec.csv_options.trailing_delimiter: true`';
  it.each([
    ['empty-column-name', 'a,b,\n1,2,\n', trailing],
    ['ragged-row', 'a,b\n1,2,\n', trailing],
    ['title-line', 'Extract of 2024-05-02\na,b\n1,2\n', 'Set `spec.csv_options.skip_rows: 1`'],
    ['ragged-row', 'a,b\n1,2,3,4\n', 'set `spec.csv_options.header: 2`'],
    ['ragged-row', 'a,b\n1,2\nTotal\n', 'set `spec.csv_options.skip_footer` to the number'],
    ['ragged-row', 'a,b\n1,2\n# three\n3,4\n', 'set `spec.csv_options.comment: "#"`'],
    ['ragged-row', 'a,b\n1,2\n1\\,2,3\n', 'set `spec.csv_options.escapechar: "\\\\"`'],
    ['ragged-row', 'a,b\n1\\,2,3\n', 'set `spec.csv_options.escapechar: "\\\\"`'],
    ['ragged-row', 'a,b\n1,2\n"1\\",2",3\n', 'set `spec.csv_options.escapechar: "\\\\"`'],
    ['ragged-row', 'a,b\n1\n', 'Quote fields that contain the delimiter'],
    ['ragged-row', 'a,b\n1,2\n1,2,3,4\n', 'Quote fields that contain the delimiter'],
  ])('%s in %j', async (code, content, fix) => {
    const finding = (await readContent(content)).report.findings()[0]!;
    expect(finding).toMatchObject({ code, fix: expect.stringContaining(fix) });
  });
});

describe('a property', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });
  const cellOf = (...units: string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 6 });
  const tableOf = (cell: fc.Arbitrary<string>) => fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it('any table comes back with any of the options together', async () => {
    await fc.assert(
      fc.asyncProperty(anyDialectFile, sizes, async ({ text, format, header, rows }, cut) => {
        fc.pre(!(format.header === 'none' && rows.length === 0));
        const result = await parsePieces(parseCsv({ ...csvFormat, ...format }), text, cut);
        expect(result.report.findings()).toEqual([]);
        expect(result.rows).toEqual([header, ...rows]);
      }),
      { numRuns: 1000 },
    );
  });

  it('any table comes back with a delimiter of several characters', async () => {
    const units = ['|', '~', '=', '>', ' ', '"', '\n', '\r\n', 'a', 'é'];
    const delimiters = fc.constantFrom('||', '~=~', '=>', ' | ', '||~');
    await fc.assert(
      fc.asyncProperty(
        tableOf(cellOf(...units)),
        delimiters,
        fc.boolean(),
        sizes,
        async (table, delimiter, all, cut) => {
          // A cell that ends with a part of the delimiter would be one with it.
          const isPlain = (text: string) => /^[aé]*$/.test(text);
          const write = (text: string) => (all || !isPlain(text) ? quoted(text) : text);
          const text = table.map((row) => `${['x', ...row].map(write).join(delimiter)}\n`).join('');
          const result = await parsePieces(parseCsv({ ...csvFormat, delimiter }), text, cut);
          expect(result.report.findings()).toEqual([]);
          expect(result.rows).toEqual(table.map((row) => ['x', ...row]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('text without quotes is split as String.split splits it', async () => {
    const line = cellOf('|', '~', ' ', 'a').map((text) => `x${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), sizes, async (lines, cut) => {
        const width = lines[0]!.split('||').length;
        const result = await parsePieces(parseCsv({ ...csvFormat, delimiter: '||' }), `${lines.join('\n')}\n`, cut);
        expect(result.rows).toEqual(lines.map((text) => text.split('||')).filter((row) => row.length === width));
      }),
      { numRuns: 500 },
    );
  });

  it('aligned columns come back whatever is between them', async () => {
    const gap = fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: 1, maxLength: 4 });
    const edge = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 });
    const table = tableOf(cellOf('a', '"', ' ', '\t', '1', 'é', '\n'));
    await fc.assert(
      fc.asyncProperty(table, gap, edge, fc.boolean(), sizes, async (rows, between, around, all, cut) => {
        const write = (text: string) => (all || !/^[a1é]+$/.test(text) ? quoted(text) : text);
        const lines = rows.map((row) => `${around}${['x', ...row].map(write).join(between)}${around}\n`);
        const result = await parsePieces(parseCsv({ ...csvFormat, delimiter: WHITESPACE }), lines.join(''), cut);
        expect(result.report.findings()).toEqual([]);
        expect(result.rows).toEqual(rows.map((row) => ['x', ...row]));
      }),
      { numRuns: 500 },
    );
  });

  it('comments are skipped as fast-csv skips them', async () => {
    const text = fc.string({
      unit: fc.constantFrom('#', '\n', '\r\n', ',', 'a', ' ', '"x"', '\n#', '\n#"'),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(text, sizes, async (body, cut) => {
        const content = `a,b\n${body}\n`;
        const expected = await readWithFastCsv(content, csvFormat, { comment: '#' }).catch(() => undefined);
        fc.pre(expected !== undefined);
        const result = await parsePieces(parseCsv({ ...csvFormat, comment: '#' }), content, cut);
        expect(result.rows).toEqual(expected.filter((row) => row.length === 2));
      }),
      { numRuns: 1000 },
    );
  });

  it('spaces after a delimiter are left out as ltrim of fast-csv leaves them out', async () => {
    // Unlike ltrim, the option keeps spaces that are in quotes, and other white space.
    const units = [',', ' ', '  ', '\t', 'a', 'b', '\n', '"x" ', '"y"'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...units), { maxLength: 14 }), sizes, async (body, cut) => {
        const content = `a,b\n${body.join('')}\n`;
        const expected = await readWithFastCsv(content, csvFormat, { ltrim: true }).catch(() => undefined);
        fc.pre(expected !== undefined);
        const result = await parsePieces(parseCsv({ ...csvFormat, skipInitialSpace: true }), content, cut);
        expect(result.rows).toEqual(expected.filter((row) => row.length === 2));
      }),
      { numRuns: 1000 },
    );
  });

  it('the footer is the last records, however the file is cut', async () => {
    const rows = fc.array(fc.constantFrom('1,2', '3,4', '', '"5\n6",7', 'odd', '"8"x'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 0, max: 4 }), sizes, async (lines, skipFooter, cut) => {
        const text = (all: string[]) => ['a,b', ...all].join('\n');
        const filled = lines.map((line, index) => (line === '' ? -1 : index)).filter((index) => index >= 0);
        const kept = lines.slice(0, skipFooter > 0 ? (filled.at(-skipFooter) ?? 0) : undefined);
        fc.pre(!lines.some((line) => line.includes('x')));
        const expected = await parsePieces(parseCsv(csvFormat), text(kept), [1000]);
        const result = await parsePieces(parseCsv({ ...csvFormat, skipFooter }), text(lines), cut);
        fc.pre(filled.length >= skipFooter);
        expect(result.rows).toEqual(expected.rows);
        expect(result.report.findings()).toEqual(expected.report.findings());
      }),
      { numRuns: 500 },
    );
  });
});
