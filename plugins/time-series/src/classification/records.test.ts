import { describe, expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { timeSeriesClassification } from './task.js';

const SCHEMA = { sequence_id: 'VARCHAR(8)', timestamp: 'INT', x: 'FLOAT' };
const HEADER = 'sequence_id,timestamp,x,y';

const table = (...rows: string[]) => [HEADER, ...rows, ''].join('\n');

async function read(manifest: string, schema: Record<string, string> = SCHEMA, fields = {}) {
  const { records, report, found } = await readTask(timeSeriesClassification, { manifest, label: 'y', schema, fields });
  return { records, report, found, findings: report.findings(), notes: report.notes() };
}

/** Sequences that interleave, of different lengths, with gaps. */
const GOOD = ['a,1,0.5,up', 'b,7,1,down', 'a,2,,up', 'b,7,2,down', 'b,9,3,down', 'c,-1,,up', 'c,0,,up'];

describe('sequences', () => {
  it('may interleave, repeat a time and have gaps; each row is a record, and they are counted', async () => {
    const { records, found, notes } = await read(table(...GOOD));
    expect(found).toEqual([]);
    expect(notes).toEqual(['The rows are 3 sequences, of 2 to 3 rows.']);
    expect(records.map(({ row, label, values }) => [row, label, ...values])).toEqual([
      [2, 'up', 'a', '1', '0.5'],
      [3, 'down', 'b', '7', '1'],
      [4, 'up', 'a', '2', null],
      [5, 'down', 'b', '7', '2'],
      [6, 'down', 'b', '9', '3'],
      [7, 'up', 'c', '-1', null],
      [8, 'up', 'c', '0', null],
    ]);
  });

  it.each<[string, string, string[], string[]]>([
    ['dates', 'TIMESTAMP', ['2024-01-31', '2024-02-01'], ['2024-02-01', '2024-01-31']],
    ['moments', 'DATETIME(6)', ['2024-01-01 00:00:00.000001', '2024-01-01 00:00:00.000002'], []],
    [
      'offsets',
      'TIMESTAMP',
      ['2024-01-01T02:00+02:00', '2024-01-01T01:00Z'],
      ['2024-01-01T01:00Z', '2024-01-01T02:00+02:00'],
    ],
    ['nanoseconds', 'BIGINT', ['1700000000000000001', '1700000000000000002'], []],
    ['long and short numbers', 'BIGINT', ['-9007199254740993', '-9007199254740992', '7', '9007199254740993'], []],
    ['decimals', 'DECIMAL(30,12)', ['-1.5', '-1.25', '1700000000.000000000001', '1700000000.000000000002'], []],
    ['fractions', 'DOUBLE', ['-1e-3', '1e-7', '0.5', '1e3', '1000.25'], []],
  ])('in the order of %s', async (_, sql, ascending, descending) => {
    const rows = (times: readonly string[]) =>
      table(...times.flatMap((time) => [`a,${time},1,up`, `b,${ascending[0]!},1,down`]));
    const schema = { ...SCHEMA, timestamp: sql };
    expect((await read(rows(ascending), schema)).found).toEqual([]);
    const wrong = descending.length > 0 ? descending : ascending.toReversed();
    const { found } = await read(rows(wrong), schema);
    expect(found.length).toBe(wrong.length - 1);
    expect(new Set(found.map(([code]) => code))).toEqual(new Set(['unordered-sequence']));
  });

  it('count once as classes, so that one of many rows is rare', async () => {
    const long = Array.from({ length: 300 }, (_, step) => `rare,${step},${step / 2},up`);
    const others = Array.from({ length: 60 }, (_, index) => `s${index >> 1},${index},1,down`);
    expect((await read(table(...long, ...others))).findings).toMatchObject([
      { code: 'rare-class', value: 'up', message: '1 of 31 labels are of this class, which is 3.2 %.' },
    ]);
  });

  it('that have one row only are a warning', async () => {
    expect((await read(table(...GOOD, 'd,1,1,up'))).findings).toMatchObject([
      { code: 'single-row-sequences', severity: 'warning', message: '1 of 4 sequences has only one row.' },
    ]);
  });
});

/** Each has the errors of a table, and what the table becomes if the fix of the first one is applied. */
const BAD: { what: string; rows: string[]; errors: Partial<Finding>[]; corrected: string[] }[] = [
  {
    what: 'an id that is missing',
    rows: [...GOOD, ',1,1,up', 'NA,2,1,up'],
    errors: [
      { code: 'missing-sequence', row: 9, column: 'sequence_id' },
      { code: 'missing-sequence', row: 10, column: 'sequence_id' },
    ],
    corrected: [...GOOD, 'd,1,1,up', 'd,2,1,up'],
  },
  {
    what: 'a time that is missing',
    rows: [...GOOD, 'c,,1,up'],
    errors: [{ code: 'missing-sequence-time', row: 9, column: 'timestamp' }],
    corrected: [...GOOD, 'c,1,1,up'],
  },
  {
    what: 'a label that changes, or is missing, within a sequence',
    rows: [...GOOD, 'c,1,1,down', 'c,2,1,'],
    errors: [
      {
        code: 'mixed-label',
        row: 9,
        column: 'y',
        value: 'down',
        message: 'The label differs from that of the same sequence in row 7.',
      },
      { code: 'mixed-label', row: 10, column: 'y' },
    ],
    corrected: [...GOOD, 'c,1,1,up', 'c,2,1,up'],
  },
  {
    what: 'a row that is earlier than the one before it of the same sequence',
    rows: [...GOOD, 'a,1,1,up'],
    errors: [
      {
        code: 'unordered-sequence',
        row: 9,
        column: 'timestamp',
        value: '1',
        message: 'The row is earlier than row 4, which is of the same sequence.',
        expected: 'no earlier time than in row 4',
      },
    ],
    corrected: [...GOOD, 'a,1,1,up'].sort(),
  },
  {
    what: 'a single class',
    rows: GOOD.map((row) => row.replace('down', 'up')),
    errors: [{ code: 'one-class', column: 'y' }],
    corrected: GOOD,
  },
];

it.each(BAD)('$what is an error, and its fix leads to a valid table', async ({ rows, errors, corrected }) => {
  const { findings } = await read(table(...rows));
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject(errors);
  expect((await read(table(...corrected))).report.errors).toBe(0);
});

describe('the schema', () => {
  const rows = table(...GOOD);

  it.each<[string, Record<string, string>, object, [string, string][]]>([
    ['without the ids', { timestamp: 'INT', x: 'FLOAT' }, {}, [['no-sequence-column', 'sequence_id']]],
    ['without the times', { sequence_id: 'CHAR(1)', x: 'FLOAT' }, {}, [['no-sequence-column', 'timestamp']]],
    ['with times that are texts', { ...SCHEMA, timestamp: 'VARCHAR(8)' }, {}, [['sequence-time-type', 'timestamp']]],
    ['with a feature that is a text', { ...SCHEMA, x: 'TEXT' }, {}, [['not-numeric-column', 'x']]],
    [
      'with other columns',
      SCHEMA,
      { sequence_column: 'run', time_column: 't' },
      [
        ['no-sequence-column', 'run'],
        ['no-sequence-column', 't'],
        ['not-numeric-column', 'sequence_id'],
      ],
    ],
  ])('%s is refused', async (_, schema, fields, errors) => {
    const { findings } = await read(rows, schema, fields);
    const found = findings.filter(({ severity }) => severity === 'error').map(({ code, column }) => [code, column]);
    expect(found).toEqual(errors);
  });

  it('names ids and times in any case, and the table stores them under the names that training knows', async () => {
    const manifest = `Run,Step,x,y\n${GOOD.join('\n')}\n`;
    const fields = { sequence_column: 'run', time_column: 'STEP' };
    expect((await read(manifest, { Run: 'CHAR(1)', Step: 'INT', x: 'FLOAT' }, fields)).found).toEqual([]);
    const task = timeSeriesClassification;
    expect(task.storedNames!({ sequenceColumn: 'run', timeColumn: 'STEP' })).toEqual({
      run: 'sequence_id',
      STEP: 'timestamp',
    });
    expect(task.storedNames!({ sequenceColumn: 'Sequence_ID', timeColumn: 'timestamp' })).toEqual({});
    expect(task.groups!.name).toBe('sequence');
  });
});
