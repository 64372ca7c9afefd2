import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePieces, readAll, csvFormat, temporaryFolder } from '../reading.test-support.js';
import { EnvelopeReader, findRecords } from './envelope.js';
import { parseJson } from './rows.js';

const RECORDS = [
  { age: 41, plan: 'basic', note: 'a "quoted" ] and } with \\' },
  { age: 25, plan: 'pro', note: '[{"data":[{"age":1}]}]' },
];
const ROWS = RECORDS.map(({ age, plan, note }) => [String(age), plan, note]);

async function read(content: string, records?: string) {
  using folder = temporaryFolder();
  const path = folder.write(content);
  return await readAll({ format: 'json', path, file: 'data', csv: csvFormat, json: { records }, missing: 'tokens' });
}

const ENVELOPES: [what: string, path: string, envelope: unknown][] = [
  ['the answer of an API', 'data', { status: 'ok', count: 2, data: RECORDS }],
  ['what comes after the records', 'rows', { rows: RECORDS, next: null, links: ['a', 'b'], meta: { rows: 2 } }],
  ['nested objects', 'result.items', { ok: true, result: { total: 2, items: RECORDS } }],
  ['the schema of a table before its data', 'data', { schema: { fields: [{ name: 'age' }] }, data: RECORDS }],
  ['a shorter array beside it', 'hits', { errors: [{ code: 1 }], hits: RECORDS }],
  ['arrays of values before it', 'data', { columns: ['age', 'plan'], sizes: [[1], [2]], data: RECORDS }],
  ['a key that is escaped', 'daten "ä"', { 'daten "ä"': RECORDS }],
  ['a key with a point', 'v1.data', { 'v1.data': RECORDS }],
];

describe('a file of JSON whose records are inside an object', () => {
  it.each(ENVELOPES)(
    'is named with the path, and with it read as if they were alone: %s',
    async (_, path, envelope) => {
      for (const indent of [undefined, 2, '\t']) {
        const content = JSON.stringify(envelope, null, indent);
        const { report, header } = await read(content);
        expect(header).toBeUndefined();
        expect(report.findings()).toEqual([
          expect.objectContaining({ code: 'json-envelope', fix: `Set \`spec.json_options.records: ${path}\`.` }),
        ]);
        const fixed = await read(content, path);
        expect(fixed.report.findings()).toEqual([]);
        expect(fixed).toMatchObject({ header: ['age', 'plan', 'note'], rows: ROWS, lines: [1, 2] });
      }
    },
  );

  it.each([
    ['split', { columns: ['age'], index: [0, 1], data: [[41], [25]] }],
    ['index', { 0: RECORDS[0], 1: RECORDS[1] }],
    ['columns', { age: { 0: 41, 1: 25 }, plan: { 0: 'basic', 1: 'pro' } }],
    ['lists', { age: [41, 25], plan: ['basic', 'pro'] }],
  ])('is not one that pandas wrote by column or row: %s', async (_, value) => {
    for (const indent of [undefined, 2]) {
      const { report, header } = await read(JSON.stringify(value, null, indent));
      expect(header).toBeUndefined();
      expect(report.findings()).toEqual([
        expect.objectContaining({ code: 'json-envelope', fix: expect.stringContaining("orient='records'") }),
      ]);
    }
  });

  it('is read however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 3 }),
        fc.jsonValue({ maxDepth: 3 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
        async (before, after, sizes) => {
          const content = JSON.stringify({ '\\"': before, a: { data: [{ x: 1 }] }, data: RECORDS, z: after }, null, 1);
          const { rows, report } = await parsePieces(parseJson({ records: 'data' }), content, sizes);
          expect(report.findings()).toEqual([]);
          expect(rows.slice(1)).toEqual(ROWS);
        },
      ),
    );
  });

  it.each([
    ['there is no such key', '{"rows":[{"a":1}]}', 'has no array at the path `data`'],
    ['the value is an object', '{"data":{"a":1}}', 'has no array at the path `data`'],
    ['the key is only deeper', '{"x":{"data":[{"a":1}]}}', 'has no array at the path `data`'],
    ['the file is an array', '[{"data":[{"a":1}]}]', 'has no array at the path `data`'],
    ['it is JSON lines', '{"data":[{"a":1}]}\n{"data":[{"a":2}]}\n', 'has several objects, one after the other'],
    ['the key occurs twice', '{"data":[{"a":1}],"data":[{"a":2}]}', 'has the array `data` twice'],
    ['the object does not end', '{"data":[{"a":1}],"x":', 'ends before its closing brace'],
  ])('is refused if %s', async (_, content, message) => {
    expect((await read(content, 'data')).report.findings()).toContainEqual(
      expect.objectContaining({ code: 'records-not-found', message: `The file ${message}.` }),
    );
  });

  it('has the lines before its records counted', async () => {
    const { report } = await read('{\n  "n": 1,\n  "data": [\n    {"a": 1},\n    {"a": oops}\n  ]\n}\n', 'data');
    expect(report.findings()).toMatchObject([
      { code: 'bad-json', row: 2, message: expect.stringMatching(/near line 5/) },
    ]);
  });
});

it.each([
  ['JSON lines', '{"a":1}\n{"a":2}\n'],
  ['JSON lines with arrays of objects', '{"a":[{"b":1}]}\n{"a":[{"b":2}]}\n'],
  ['JSON lines after blank lines', '\n\n{"a":[{"b":1}]}\r\n\r\n{"a":[]}\r\n'],
  ['an array', '[{"a":[{"b":1}]}]'],
  ['columns of values', '{"a":[1,2],"b":[3,4]}'],
  ['objects in objects', '{"vocab":{"a":{"b":1}}}'],
  ['arrays in arrays', '{"data":[[{"a":1}]]}'],
])('no records are found in %s', (_, head) => {
  expect(findRecords(head)).toBeUndefined();
});

it('a path may lead past long strings', () => {
  const reader = new EnvelopeReader('data');
  const long = 'x'.repeat(5000);
  expect(reader.push(`{"${long}":"${long}","data":[1]}`)).toBe('[1]');
});
