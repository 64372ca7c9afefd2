import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './rows.js';
import { parsePieces } from '../reading.test-support.js';

const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r', ' ', 'é', '😀', '\0') }),
);
/** A value as it is written, with its cell. */
const anyValue = fc.oneof(
  anyText.map((text) => [JSON.stringify(text), text] as const),
  anyText.map((text) => [escaped(text), text] as const),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((number) => [JSON.stringify(number), JSON.stringify(number)] as const),
  fc
    .constantFrom('1.10', '-0', '1E+400', '100000000000000000001', 'true', 'false')
    .map((text) => [text, text] as const),
  fc.constant(['null', ''] as const),
);
const anyKeys = fc.uniqueArray(
  fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', '1', '', 'b}"')).map((key) => key.trim()),
  { minLength: 1, maxLength: 4 },
);
const anySpace = fc.string({ unit: fc.constantFrom(' ', '\t', '\r'), maxLength: 2 });

/** Returns a JSON string with an escape for every character. */
function escaped(text: string): string {
  return `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

const anyRecords = anyKeys.chain((keys) =>
  fc.record({
    keys: fc.constant(keys),
    records: fc.array(fc.tuple(...keys.map(() => anyValue)), { minLength: 1, maxLength: 6 }),
    space: anySpace,
    asLines: fc.boolean(),
    sizes: anySizes,
  }),
);

describe('any objects, in any pieces', () => {
  it('are read as they were written, as an array or as lines, with their row numbers', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, async ({ keys, records, space, asLines, sizes }) => {
        const objects = records.map((values) => {
          const fields = keys.map((key, index) => `${JSON.stringify(key)}${space}:${values[index]![0]}`);
          return `{${space}${fields.join(`${space},`)}}`;
        });
        const content = asLines ? objects.join(`${space}\n\n`) : `[${space}\n${objects.join(`\n,${space}`)}\n]`;
        const { rows, lines, report } = await parsePieces(parseJson, content, sizes);
        expect(report.findings()).toEqual([]);
        expect(rows).toEqual([keys, ...records.map((values) => values.map(([, cell]) => cell))]);
        expect(lines.slice(1)).toEqual(objects.map((_, index) => (asLines ? 1 + 2 * index : 1 + index)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('any text, valid JSON or not', () => {
  const records = [
    ...['{"a":1}', '{"a":2,"a":3}', '{"z":4}', '{"a":{"b":[{}]}}', '{"a":"\\ud83d"}', '{"a":"}\\""}', '[{"a":5}]', '6'],
    ...['"7"', 'null', '{}', '{"a":8', '{"a":nul}', 'oops'],
  ];
  const noise = fc.string({ unit: fc.constantFrom(...Array.from('{}[],:"\\ \n\ufeffé1-etn')), maxLength: 12 });
  const anyContent = fc
    .record({
      start: fc.oneof(fc.constantFrom('[{"a":0},', '{"a":0}\n', '[', '{'), noise),
      parts: fc.array(fc.oneof({ arbitrary: fc.constantFrom(...records), weight: 8 }, noise), { maxLength: 8 }),
      between: fc.constantFrom(',', ',\n', '\n', ''),
      end: fc.oneof(fc.constantFrom(']', ''), noise),
    })
    .map(({ start, parts, between, end }) => start + parts.join(between) + end);

  it('has the same rows, row numbers and findings in any pieces, and never throws', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyContent, anySizes, async (content, sizes) => {
        const whole = await parsePieces(parseJson, content, [1000]);
        const cut = await parsePieces(parseJson, content, sizes);
        expect(cut.rows).toEqual(whole.rows);
        expect(cut.lines).toEqual(whole.lines);
        expect(cut.report.findings()).toEqual(whole.report.findings());
        whole.report.findings().forEach(({ code }) => seen.add(code));
        if (whole.rows.length > 1) seen.add('rows');
      }),
      { numRuns: 1200 },
    );
    expect([...seen].sort()).toEqual([
      ...['bad-json', 'broken-text', 'duplicate-column', 'nested-value', 'not-an-object', 'not-json', 'rows'],
      'unexpected-key',
    ]);
  });
});
