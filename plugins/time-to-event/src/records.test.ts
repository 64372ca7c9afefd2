import { describe, expect, it } from '@jest/globals';
import { parseSqlType, resolveOptions } from '@tracebloc/ingestor-contract';
import { type TaskInput, readTask } from '@tracebloc/ingestor-conformance';
import { timeToEventPrediction } from './prediction.js';

async function run(manifest: string, input: Partial<TaskInput> = {}) {
  return readTask(timeToEventPrediction, {
    manifest,
    label: 'event',
    schema: { a: 'VARCHAR(9)', time: 'FLOAT' },
    ...input,
  });
}

/** Returns records with these times. The first is censored and the others are not. */
const withTimes = (...times: string[]) =>
  ['a,time,event', ...times.map((time, index) => `x${index % 2},${time},${index === 0 ? 0 : 1}`), ''].join('\n');

/** Returns records with these events. */
const withEvents = (...events: string[]) => ['a,time,event', ...events.map((event) => `x,1,${event}`), ''].join('\n');

describe('records', () => {
  it('hold time and features, with their gaps, and the event as 0 or 1', async () => {
    const { records, found } = await run('a,time,event\nx,12.5,1\n,0, 0 \ny,3,1.0\nz,4,0e0\n');
    expect(found).toEqual([]);
    expect(records.map(({ row, label, values }) => [row, label, ...values])).toEqual([
      [2, '1', 'x', '12.5'],
      [3, '0', null, '0'],
      [4, '1', 'y', '3'],
      [5, '0', 'z', '4'],
    ]);
  });

  it('come from JSON as well as from CSV', async () => {
    const { records, found } = await run('[{"a":"x","time":-1,"event":1},{"a":null,"time":2,"event":0}]', {
      format: 'json',
    });
    expect(records.map(({ label }) => label)).toEqual(['1', '0']);
    expect(found).toEqual([['negative-time', 1, 'time']]);
  });
});

describe('the time column', () => {
  it('has the name in the options', async () => {
    const { found } = await run('weeks,time,event\n-1,-1,0\n2,-2,1\n', {
      schema: { weeks: 'INT', time: 'INT' },
      fields: { time_column: 'weeks' },
    });
    expect(found).toEqual([['negative-time', 2, 'weeks']]);
  });

  it('must be in the schema, even if the file has it', async () => {
    const { report } = await run(withTimes('1', '-2'), { schema: { a: 'TEXT' } });
    expect(report.findings()).toMatchObject([
      {
        code: 'no-time-column',
        severity: 'error',
        file: 'data',
        column: 'time',
        expected: 'time: FLOAT in the schema',
      },
      { code: 'unlisted-column' },
    ]);
  });

  it('may differ from its name in the schema by case, with a warning', async () => {
    const { found, report } = await run('Time,event\n-1,0\n2,1\n', { schema: { Time: 'INT' } });
    expect(found).toEqual([
      ['column-name-differs', undefined, 'time'],
      ['negative-time', 2, 'Time'],
    ]);
    expect(report.warnings).toBe(1);
  });

  it('cannot be the label', async () => {
    const { report } = await run('a,event\n1,0\n2,1\n', { schema: { a: 'INT' }, fields: { time_column: 'event' } });
    expect(report.findings()).toMatchObject([
      { code: 'no-time-column', column: 'event', message: 'The time column is also the label.' },
    ]);
  });

  it.each(['VARCHAR(9)', 'DATE', 'TIMESTAMP', 'BOOLEAN'])('must not be declared %s', async (type) => {
    const { report } = await run(withTimes('20240101', '20240102'), { schema: { a: 'TEXT', time: type } });
    expect(report.findings()[0]).toMatchObject({
      code: 'time-not-numeric',
      severity: 'error',
      column: 'time',
      value: type,
    });
  });

  it('that is not in the file is reported once', async () => {
    expect((await run('a,event\nx,0\ny,1\n')).found).toEqual([['missing-column', undefined, 'time']]);
  });
});

describe('times', () => {
  it('are 0 or more', async () => {
    const { report, found } = await run(withTimes('0', '-0', '-0.0', '-1e-9', '-3', '1e3'));
    expect(found).toEqual([
      ['negative-time', 5, 'time'],
      ['negative-time', 6, 'time'],
    ]);
    expect(report.findings()[1]).toMatchObject({
      severity: 'error',
      file: 'data',
      value: '-3',
      expected: '0 or more',
      fix: expect.stringContaining('from the start of the observation') as unknown,
    });
  });

  it.each(['INT', 'DOUBLE', 'DECIMAL(5,1)'])('are compared by their value in %s too', async (type) => {
    const { found } = await run(withTimes(' -2 ', '2'), { schema: { a: 'TEXT', time: type } });
    expect(found).toEqual([['negative-time', 2, 'time']]);
  });

  it('are numbers; others are reported once', async () => {
    const { found } = await run(withTimes('soon', '1', 'Infinity', '1e400'));
    expect(found.map(([code, row]) => [code, row])).toEqual([
      ['not-a-number', 2],
      ['not-a-number', 4],
      ['number-overflow', 5],
    ]);
  });

  it('have no gaps; each is reported once', async () => {
    const manifest = withTimes('1', '', ' ', '2');
    expect((await run(manifest)).found).toEqual([
      ['missing-time', 3, 'time'],
      ['missing-time', 4, 'time'],
    ]);
    const { found } = await run(manifest, { schema: { a: 'TEXT', time: 'INT NOT NULL' } });
    expect(found).toEqual([
      ['missing-value', 3, 'time'],
      ['missing-value', 4, 'time'],
    ]);
  });

  it('are all counted, although not all are shown', async () => {
    const { report } = await run(withTimes('1', ...Array.from({ length: 300 }, () => '-1')));
    expect(report.totals()).toContainEqual({ code: 'negative-time', severity: 'error', total: 300 });
    expect(report.findings().filter(({ code }) => code === 'negative-time')).toHaveLength(100);
  });
});

describe('events', () => {
  it('are 0 or 1; other values hide whether one of the two is absent', async () => {
    const { report, found } = await run(withEvents('1', '2', '-1', '0.5', 'yes', 'true'));
    expect(found).toEqual([3, 4, 5, 6, 7].map((row) => ['not-an-event', row, 'event']));
    expect(report.findings()[0]).toMatchObject({ severity: 'error', file: 'data', value: '2', expected: '0 or 1' });
  });

  it('may be missing, with a warning', async () => {
    const { records, report } = await run(withEvents('1', '', '0'));
    expect(records.map(({ label }) => label)).toEqual(['1', null, '0']);
    expect(report.totals()).toEqual([{ code: 'missing-label', severity: 'warning', total: 1 }]);
  });

  it.each([
    [['1', '1.0', '1'], ['no-censored']],
    [
      ['0', '0', 'NA'],
      ['missing-label', 'no-event'],
    ],
    [
      ['', 'NA'],
      ['missing-label', 'missing-label', 'no-censored', 'no-event'],
    ],
    [['1', '0'], []],
  ])('must both occur: %j', async (events, codes) => {
    expect((await run(withEvents(...events))).found.map(([code]) => code)).toEqual(codes);
  });

  it('are not reported as absent if rows could not be read', async () => {
    expect((await run(`${withEvents('1', '1')}x,1\n`)).found.map(([code]) => code)).toEqual(['ragged-row']);
  });
});

it('the task states how data is read, and sends the names and types of the columns as metadata', () => {
  expect(timeToEventPrediction).toMatchObject({
    dataFormat: 'tabular',
    label: { use: 'required', statePolicy: true },
    schema: 'required',
    allowFeatureModification: false,
  });
  const columns = [
    { name: 'age', type: parseSqlType('int') },
    { name: 'time', type: parseSqlType('float') },
  ];
  expect(
    timeToEventPrediction.metadata(resolveOptions(timeToEventPrediction, { fields: {}, fileOptions: {} }), columns),
  ).toEqual({
    number_of_columns: 2,
    schema: { age: 'INT', time: 'FLOAT' },
  });
});
