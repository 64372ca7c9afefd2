import { describe, expect, it } from '@jest/globals';
import { writeToString } from 'fast-csv';
import fc from 'fast-check';
import { parseCsv } from './rows.js';
import { csvFormat, parsePieces } from '../reading.test-support.js';

/** Characters that are hard to distinguish in a CSV: all kinds of white space, line endings, and those with a meaning in a format. */
const UNITS = [
  ...['"', "'", '\\', ',', ';', '\t', '|', '\n', '\r', '\r\n', ' ', '\v', '\f', '\u00a0', '\u2028', '\u3000'],
  ...['\ufeff', '\0', 'a', '1', 'é', '€', '😀'],
];
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', ' ', '""', '"'),
);
const anyFormat = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ' ', 'é', '.', '\u2028'),
    quote: fc.constantFrom('"', "'", '`', '^'),
    escape: fc.constantFrom('', '\\', '$'),
  })
  .map((format) => ({ ...format, escape: format.escape || format.quote }));
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });

/** Rows of equal width. The first is the header. */
const anyTable = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(anyText, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 10 }),
  );

/** Returns the line on which each record begins. */
function linesOf(records: readonly string[]): number[] {
  let line = 1;
  return records.map((record) => {
    const start = line;
    line += record.match(/\r\n|\n|\r/g)!.length;
    return start;
  });
}

/** Returns the codes of the rows that have delimiters, but no value. */
function warningsOf(table: readonly string[][]): string[] {
  return table.slice(1).flatMap((row) => (row.length > 1 && row.every((cell) => cell === '') ? ['empty-row'] : []));
}

describe('any table, in any pieces, is read as it was written', () => {
  it('by the rules of RFC 4180, with any delimiter, quote, escape and line ending', async () => {
    const written = fc.record({
      table: anyTable,
      format: anyFormat,
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      endsOpen: fc.boolean(),
      quoteAll: fc.boolean(),
      sizes: anySizes,
    });
    await fc.assert(
      fc.asyncProperty(written, async ({ table, format, lineEnd, endsOpen, quoteAll, sizes }) => {
        const { delimiter, quote, escape } = format;
        const write = (text: string, column: number) => {
          // Unlike the RFC, the reader skips a line of white space, and ignores white space at the start of a line.
          const isBlank = column === 0 && text.trim() === '';
          const special = [delimiter, quote, '\r', '\n', ...(escape === quote ? [] : [escape])];
          if (!quoteAll && !isBlank && !special.some((c) => text.includes(c))) return text;
          const escaped = escape === quote ? text : text.replaceAll(escape, () => escape + escape);
          return quote + escaped.replaceAll(quote, () => escape + quote) + quote;
        };
        const records = table.map((row) => row.map(write).join(delimiter) + lineEnd);
        const content = records.join('').slice(0, endsOpen ? -lineEnd.length : undefined);
        // At the start of a file this is a byte order mark.
        fc.pre(!content.startsWith('\ufeff'));

        const result = await parsePieces(parseCsv({ ...csvFormat, ...format }), content, sizes);

        expect(result.report.findings().map(({ code }) => code)).toEqual(warningsOf(table));
        expect(result.rows).toEqual(table);
        expect(result.lines).toEqual(linesOf(records));
      }),
      { numRuns: 500 },
    );
  });

  it('by the formatter of fast-csv', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, fc.boolean(), anySizes, async (table, crlf, sizes) => {
        fc.pre(!table.flat().join('').includes('\0')); // The formatter drops NUL.
        const content = await writeToString(table, { rowDelimiter: crlf ? '\r\n' : '\n', quoteColumns: true });
        const result = await parsePieces(parseCsv(csvFormat), content, sizes);
        expect(result.report.findings().map(({ code }) => code)).toEqual(warningsOf(table));
        expect(result.rows).toEqual(table);
      }),
      { numRuns: 150 },
    );
  });
});

describe('any text, valid CSV or not', () => {
  const RFC = { delimiter: ',', quote: '"', escape: '"' };
  const anyOptions = fc.record({
    format: fc.oneof(anyFormat, fc.constant({ delimiter: ',', quote: '', escape: '' })),
    onBadLines: fc.constantFrom('error' as const, 'warn' as const),
    skipBlankLines: fc.boolean(),
  });
  const anyContent = fc.string({ unit: fc.constantFrom(...UNITS, ',', ',', '"', '"', '\n', '\n'), maxLength: 80 });

  it('has the same rows, row numbers and findings in any pieces, and never throws', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyContent, anyOptions, anySizes, async (text, { format, ...options }, sizes) => {
        const parse = parseCsv({ ...csvFormat, ...format, ...options });
        const content = `a${format.delimiter}b\n${text}`;
        const whole = await parsePieces(parse, content, [1000]);
        const cut = await parsePieces(parse, content, sizes);
        expect(cut.rows).toEqual(whole.rows);
        expect(cut.lines).toEqual(whole.lines);
        expect(cut.report.findings()).toEqual(whole.report.findings());
        for (const row of whole.rows) expect(row).toHaveLength(2);
        whole.report.findings().forEach(({ code }) => seen.add(code));
        if (whole.rows.length > 1) seen.add('rows');
      }),
      { numRuns: 600, examples: [['"1"2,3\n4,5\n', { format: RFC, onBadLines: 'error', skipBlankLines: true }, [3]]] },
    );
    // These are rarer: the rows of most of these texts are too odd for a warning.
    for (const code of ['quote-in-field', 'empty-row']) seen.delete(code);
    expect([...seen].sort()).toEqual(['ragged-row', 'rows', 'text-after-quote', 'unclosed-quote']);
  });
});
