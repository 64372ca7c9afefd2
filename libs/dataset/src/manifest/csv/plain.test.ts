import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvParser } from './parser.js';
import { parsePlain } from './plain.js';

/** The parts of texts without quotes: line endings, every kind of white space, and other characters. */
const unit = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', ',', ';', '\t', '|', ' ', '  ', '\v', '\f', '\u00a0', '\u2028', '\ufeff', '\0'),
  fc.constantFrom('a', '007', '-1.5e3', 'é', '💾', '\\', "'", '#', '.', '$', '^'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const plainText = fc
  .array(unit, { maxLength: 60 })
  .map((units) => `${units.join('').replaceAll('"', '')}\n`)
  // A text that ends with a carriage return never reaches a parser: the splitter adds a line feed.
  .filter((text) => !text.startsWith('\ufeff'));

describe('parsePlain', () => {
  it.each([',', ';', '\t', '|', ' ', '.', '^', '$', '\\'])(
    'returns the rows of fast-csv with the delimiter %j',
    async (delimiter) => {
      await fc.assert(
        fc.asyncProperty(plainText, async (text) => {
          const parser = new CsvParser({ delimiter, quote: '"', escape: '"' });
          expect(parsePlain(text, delimiter)).toEqual(await parser.parse(text));
        }),
        { numRuns: 500 },
      );
    },
  );

  it('recognises blank rows and blank first cells', () => {
    expect(parsePlain('a,b\n\n  \n ,x\r\n,\rlast, \n', ',')).toEqual([
      ['a', 'b'],
      [],
      [],
      ['', 'x'],
      ['', ''],
      ['last', ' '],
    ]);
  });
});
