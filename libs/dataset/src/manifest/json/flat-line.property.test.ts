import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePieces } from '../reading.test-support.js';
import { FlatLines } from './flat-line.js';
import { parseJson } from './rows.js';

const COLUMNS = ['a', 'b "c"', 'd'];
const HEADER = JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, 0])));

const anySpace = fc.constantFrom('', '', '', ' ', '  ', '\t');
const anyValue = fc.oneof(
  fc
    .string({ unit: fc.constantFrom('x', 'é', '😀', '\ud83d', '"', '\\', '\n', '}', ','), maxLength: 4 })
    .map((text) => JSON.stringify(text)),
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom(
    'null',
    'true',
    'false',
    'nul',
    'nullx',
    '01',
    '-',
    '-0',
    '1.',
    '.5',
    '1e5',
    '1E+4',
    '{}',
    '[1]',
    '""',
    'NaN',
    '+1',
  ),
);
/** A line of an object, in which a few characters may then be changed. */
const anyLine = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('"a"', '"b \\"c\\""', '"d"', '"e"', '" a"'), anySpace, anyValue), {
      maxLength: 4,
    }),
    anySpace,
    fc.option(fc.tuple(fc.nat(40), fc.constantFrom('', '{', '}', '"', ',', ':', 'x', '\0', ' ', '\r'))),
  )
  .map(([fields, space, change]) => {
    const line = `{${space}${fields.map(([key, gap, value]) => `${key}${gap}:${space}${value}`).join(`${space},`)}${space}}${space}`;
    return change ? line.slice(0, change[0]) + change[1] + line.slice(change[0] + 1) : line;
  });

it('a line is read as the parser reads it, or is left to the parser', async () => {
  const flat = new FlatLines(COLUMNS);
  await fc.assert(
    fc.asyncProperty(anyLine, async (line) => {
      const cells = flat.read(line);
      if (!cells) return;
      // A line that begins with a tab is left to the parser.
      expect(flat.read(`\t${line}`)).toBeUndefined();
      const { rows, report } = await parsePieces(parseJson(), `${HEADER}\n\t${line}\n`, [1000]);
      expect(report.findings()).toEqual([]);
      expect(rows.at(-1)).toEqual(cells);
    }),
    { numRuns: 2000 },
  );
});

it('the usual lines are read without the parser', () => {
  const flat = new FlatLines(['a', 'b', 'c']);
  expect(flat.read('{"a":1.50,"b":"x, }","c":null}')).toEqual(['1.50', 'x, }', '']);
  expect(flat.read(' { "a": -7, "b": "é 😀", "c": true }\r')).toEqual(['-7', 'é 😀', 'true']);
  expect(flat.read('{"b":""}')).toEqual(['', '', '']);
  expect(flat.read('{"c":1,"a":2}')).toBeUndefined();
  expect(flat.read('{"a":1,"a":2}')).toBeUndefined();
});
