import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readWithFastCsv, type Marks } from './fast-csv.test-support.js';
import { Tokenizer, type Tokens } from './tokenizer.js';

/** Ends of lines, every kind of white space, and characters beside them that a wrong comparison would confuse. */
const UNITS = [
  ...['\n', '\r\n', '\r', ',', ';', '\t', '|', ' ', '  ', '\v', '\f', '\u00a0', '\u2028', '\ufeff', '\0'],
  ...['a', '007', '-1.5e3', 'é', '💾', '\\', "'", '#', '.', '$', '^'],
];
const plainUnit = fc.oneof(fc.constantFrom(...UNITS), fc.string({ unit: 'binary', maxLength: 3 }));
const plainText = fc.array(plainUnit, { maxLength: 60 }).map((units) => `${units.join('').replaceAll('"', '')}\n`);
/** Texts whose quotes are often, but not always, where a cell begins or ends. */
const quotedText = fc
  .array(fc.oneof(plainUnit, fc.constantFrom('"', '""', '"",', '","', ',"', '"\n', '"x",', '"x\r\ny"', ' "x" ,')), {
    maxLength: 30,
  })
  .map((units) => `${units.join('')}\n`);
const anySizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

const CSV: Marks = { delimiter: ',', quote: '"', escape: '"' };

/**
 * Reads a text that arrives in pieces of some UTF-16 code units, whose sizes come round again, up to the first record whose
 * quoting is not valid.
 */
function tokenize(text: string, dialect: Marks, sizes: readonly number[]): Tokens & { texts: string[] } {
  const tokenizer = new Tokenizer(dialect, true);
  const all: Tokens & { texts: string[] } = { rows: [], lines: [], texts: [], strays: [] };
  function* read() {
    for (let start = 0, piece = 0; start < text.length; piece++) {
      const end = start + sizes[piece % sizes.length]!;
      yield* tokenizer.read(text.slice(start, end));
      start = end;
    }
    yield* tokenizer.finish();
  }
  for (const { rows, lines, texts, bad } of read()) {
    all.rows.push(...rows);
    all.lines.push(...lines);
    all.texts.push(...texts!);
    all.bad = bad;
    if (bad) break;
  }
  return all;
}

describe('the tokenizer returns the rows of fast-csv', () => {
  it.each([',', ';', '\t', '|', ' ', '.', '^', '$', '\\'])('without quotes, delimiter %j', async (delimiter) => {
    const dialect = { ...CSV, delimiter };
    await fc.assert(
      fc.asyncProperty(plainText, anySizes, async (text, sizes) => {
        expect(tokenize(text, dialect, sizes).rows).toEqual(await readWithFastCsv(text, dialect));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    CSV,
    { ...CSV, delimiter: '\t' },
    { ...CSV, quote: "'", escape: "'" },
    { delimiter: ' ', quote: '^', escape: '^' },
  ])('with quotes, and refuses the same texts: %j', async (dialect) => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(quotedText, anySizes, async (text, sizes) => {
        const written = text.replaceAll('"', dialect.quote);
        const { rows, bad } = tokenize(written, dialect, sizes);
        const expected = await readWithFastCsv(written, dialect).catch(() => undefined);
        if (bad?.code === 'text-after-quote') {
          refused++;
          expect(expected).toBeUndefined();
        } else {
          expect(rows).toEqual(expected);
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

describe('the tokenizer', () => {
  it('knows blank rows and blank first cells', () => {
    expect(tokenize('a,b\n\n  \n ,x\r\n,\rlast, \n', CSV, [100]).rows).toEqual([
      ['a', 'b'],
      [],
      [],
      ['', 'x'],
      ['', ''],
      ['last', ' '],
    ]);
  });

  it('returns texts that make up the whole, and lines that count their line endings', () => {
    fc.assert(
      fc.property(fc.oneof(plainText, quotedText), anySizes, (text, sizes) => {
        const { texts, lines, bad } = tokenize(text, CSV, sizes);
        const joined = texts.join('');
        if (bad) expect(text.startsWith(joined)).toBe(true);
        else expect(joined.startsWith(text)).toBe(true);
        let line = 1;
        texts.forEach((record, index) => {
          expect(lines[index]).toBe(line);
          line += record.match(/\r\n|\n|\r/g)!.length;
        });
      }),
      { numRuns: 1000 },
    );
  });
});
