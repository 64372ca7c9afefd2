import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Document, visit, type ToStringOptions } from 'yaml';
import { ConfigError } from '../errors.js';
import { BASE, IMAGES, useWorkplace } from '../fake.test-support.js';
import { toJson } from './located.js';
import { parseYaml } from './parse.js';

const HOSTILE_TEXTS = [
  ...['yes', 'null', '~', '007', '0x1', '1e3', '.nan', '1_000', '12:30', '2024-01-01', '<<', '=', '__proto__'],
  ...['constructor', 'a: b', 'a #b', '- x', '? x', '&a', '*a', '!x', '%x', '@x', '`', '|', '>', '{', ']', "it's"],
  ...[
    '"q"',
    '\\n',
    'a\nb',
    'a\n\nb\n',
    '\ta',
    ' x ',
    '',
    '\r\n',
    '\0',
    '\u2028',
    '😀',
    '---',
    '...Array.from(',
    ')x'.repeat(200),
  ],
];
/** The writer of the library does not quote the merge key. */
const isName = (text: string) => text !== '<<';
const anyText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'grapheme', maxLength: 12 }));
/** JSON does not distinguish -0 from 0. */
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const { document: anyDocument } = fc.letrec<{ document: unknown; value: unknown }>((tie) => ({
  document: fc.dictionary(anyText.filter(isName), tie('value'), { maxKeys: 5, minKeys: 1 }),
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.oneof(anyNumber, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('document'),
  ),
}));
const anyStyle = fc.record<ToStringOptions>(
  {
    collectionStyle: fc.constantFrom('any', 'flow'),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 80),
  },
  { requiredKeys: [] },
);

describe('any document', () => {
  it('is read as it was written, in every style, with comments, anchors, aliases and CRLF', async () => {
    const written = fc.record({
      value: anyDocument,
      style: anyStyle,
      comment: fc.option(fc.constantFrom(' note', ' a: b', ' - "'), { nil: undefined }),
      shares: fc.boolean(),
      crlf: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(written, async ({ value, style, comment, shares, crlf }) => {
        const meant = shares ? { first: value, again: [value, { value }] } : value;
        const document = new Document(meant);
        if (comment !== undefined && style.collectionStyle !== 'flow') {
          visit(document, { Pair: (_, { key }) => void ((key as { commentBefore?: string }).commentBefore = comment) });
        }
        const text = document.toString(style);
        const { root, problems } = parseYaml(crlf ? text.replaceAll('\n', '\r\n') : text, 'f', '/');
        expect(problems).toEqual([]);
        expect(toJson(root!)).toEqual(JSON.parse(JSON.stringify(meant)));
      }),
      { numRuns: 300 },
    );
  });

  it('is read from JSON, which is YAML', () => {
    fc.assert(
      fc.property(anyDocument, fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { root, problems } = parseYaml(text, 'f', '/');
        expect(problems).toEqual([]);
        expect(toJson(root!)).toEqual(JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });
});

describe('any damage to a valid file', () => {
  const place = useWorkplace();
  const pieces = [
    ...Array.from('\t\n\r :{}[],"\'#|>%@`\\\0\ufeff'),
    ...[': ', '- ', '? ', '&a ', '*a', '<<: *a', '!!binary ', '!!set ', '!!omap ', '!!timestamp ', '!!js/function '],
    ...['!<x> ', '---\n', '...', '"__proto__": ', '__proto__: {polluted: 1}\n', 'toString: 1\n', 'spec: {}\n'],
    ...['constructor: {prototype: {polluted: 1}}\n', 'csv: data.csv\n', 'label: 7\n', 'schema: []\n', '.inf', '1e999'],
    ...['spec: {csv_options: {chunk_size: 1e308}}\n', '[[[[[[[[', '{a: {a: {a: ', '9'.repeat(400), 'x'.repeat(5000)],
  ].map((text) => Buffer.from(text));
  const anyChange = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removes: fc.constantFrom(0, 0, 0, 1, 3, 40),
    piece: fc.oneof(
      { arbitrary: fc.constantFrom(...pieces), weight: 5 },
      { arbitrary: fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
    ),
  });

  it('results in a configuration or in problems with their places', async () => {
    const names = Object.getOwnPropertyNames(Object.prototype).length;
    const seen = { resolved: 0, refused: 0 };
    const changes = fc.array(anyChange, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(BASE, IMAGES.replace('csv:', 'images: .\ncsv:')),
        changes,
        async (sound, list) => {
          const damaged = list.reduce((bytes, { at, removes, piece }) => {
            const start = Math.floor(at * bytes.length);
            return Buffer.concat([bytes.subarray(0, start), piece, bytes.subarray(start + removes)]);
          }, Buffer.from(sound));
          place.write('ingest.yaml', damaged);
          try {
            await place.run({ flags: { config: 'ingest.yaml' } });
            seen.resolved++;
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error;
            expect(error.problems).not.toEqual([]);
            for (const problem of error.problems) {
              expect(problem).toMatchObject({ message: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
              expect(problem.line ?? problem.field).toBeDefined();
            }
            seen.refused++;
          }
          expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(names);
          expect({}).not.toHaveProperty('polluted');
        },
      ),
      { numRuns: 200 },
    );
    expect(Math.min(seen.resolved, seen.refused)).toBeGreaterThan(0);
  });

  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('');
  it.each([
    ['aliases', `a: &a x\nb: [${'*a,'.repeat(2000)}]\n`],
    ['aliases of aliases', many(30, (i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]\n`)],
    ['anchors', many(2000, (i) => `a${i}: &a${i} [*a${Math.max(0, i - 1)}]\n`).replace('*a0', '')],
    ['fields', many(2000, (i) => `a${i}: ${i}\n`)],
    ['fields of one name', 'a: 1\n'.repeat(2000)],
    ['merge keys', `a: &a {x: 1}\nb: {${'<<: *a,'.repeat(2000)}}\n`],
    ['brackets', '['.repeat(2000)],
    ['braces', `a: ${'{a: '.repeat(2000)}`],
    ['dashes', '- '.repeat(2000)],
    ['levels', many(1500, (i) => `${' '.repeat(i)}a:\n`)],
    ['quotes', `a: ${'"'.repeat(2000)}`],
    ['digits', `label: ${'9'.repeat(200_000)}`],
  ])('with thousands of %s is refused', async (_name, text) => {
    await expect(place.file(BASE.replace('label:', `${text}\nlabel:`))).rejects.toBeInstanceOf(ConfigError);
  });
});
