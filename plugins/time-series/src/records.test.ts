import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { type TaskInput, readTask } from '@tracebloc/ingestor-conformance';
import { timeSeriesForecasting } from './forecasting.js';

async function run(manifest: string, input: Partial<TaskInput> = {}) {
  return readTask(timeSeriesForecasting, {
    manifest,
    label: 'y',
    schema: { timestamp: 'TIMESTAMP', a: 'FLOAT' },
    ...input,
  });
}

/** Returns a series of these timestamps, with valid features and targets. */
const series = (...timestamps: string[]) =>
  ['timestamp,a,y', ...timestamps.map((text, index) => `${text},${index},${index}`), ''].join('\n');

describe('records', () => {
  it('hold the moment in UTC, the features with their gaps, and the target', async () => {
    const { records, found } = await run(
      'timestamp,a,y\n2024-03-31T01:30:00+01:00,1.50,7\n2024-03-31T03:30:00+02:00,,8.5\n',
    );
    expect(found).toEqual([]);
    expect(records.map(({ row, label, values }) => [row, label, ...values])).toEqual([
      [2, '7', '2024-03-31 00:30:00', '1.50'],
      [3, '8.5', '2024-03-31 01:30:00', null],
    ]);
  });

  it('come from JSON, whose rows are counted from its first element', async () => {
    const { records, found } = await run(
      '[{"timestamp":"2024-01-02","a":1,"y":1},{"timestamp":"2024-01-01","a":null,"y":2}]',
      { format: 'json' },
    );
    expect(records.map(({ label, values }) => [label, ...values])).toEqual([
      ['1', '2024-01-02 00:00:00', '1'],
      ['2', '2024-01-01 00:00:00', null],
    ]);
    expect(found).toEqual([['unordered-timestamp', 2, 'timestamp']]);
  });
});

describe('the schema', () => {
  it.each(['Timestamp', 'TIMESTAMP', 'timeStamp'])('may name the column %s', async (name) => {
    const { found } = await run(`${name},a,y\n2024-01-02,1,1\n2024-01-01,1,1\n`, {
      schema: { [name]: 'TIMESTAMP(3)', a: 'INT' },
    });
    expect(found).toEqual([['unordered-timestamp', 3, name]]);
  });

  it('must list the column, even if the file has it', async () => {
    const { found, report } = await run('timestamp,a,y\n2024-01-01,1,1\n', { schema: { a: 'INT' } });
    expect(found).toEqual([
      ['no-timestamp-column', undefined, undefined],
      ['unlisted-column', undefined, undefined],
    ]);
    expect(report.findings()[0]).toMatchObject({ severity: 'error', file: 'data', expected: 'timestamp: TIMESTAMP' });
  });

  it('must not give it another name; its order is still checked', async () => {
    const { found, report } = await run('a,day,y\n1,2024-01-02,1\n1,2024-01-01,1\n', {
      schema: { a: 'INT', day: 'DATE' },
    });
    expect(found).toEqual([
      ['no-timestamp-column', undefined, 'day'],
      ['unordered-timestamp', 3, 'day'],
    ]);
    expect(report.findings()[0]!.message).toBe('The schema has no column called timestamp. Is it "day"?');
  });

  it.each(['DATE', 'DATETIME'])('must not declare it %s; its order is still checked', async (type) => {
    const { found, report } = await run(series('2024-01-02', '2024-01-01'), { schema: { timestamp: type, a: 'INT' } });
    expect(found).toEqual([
      ['timestamp-type', undefined, 'timestamp'],
      ['unordered-timestamp', 3, 'timestamp'],
    ]);
    expect(report.findings()[0]).toMatchObject({ value: type, expected: 'TIMESTAMP' });
  });

  it.each(['VARCHAR(32)', 'BIGINT'])('must not declare it %s', async (type) => {
    const { found } = await run(series('20240102', '20240101'), { schema: { timestamp: type, a: 'INT' } });
    expect(found).toEqual([['timestamp-type', undefined, 'timestamp']]);
  });

  it('must declare features and target numeric, except id', async () => {
    const { report } = await run('timestamp,id,a,b,c,d,y\n2024-01-01,x,u,v,2024-01-01,yes,1\n', {
      schema: {
        timestamp: 'TIMESTAMP',
        id: 'VARCHAR(9)',
        a: 'TEXT',
        b: 'VARCHAR(9)',
        c: 'DATE',
        d: 'BOOLEAN',
        y: 'CHAR(9)',
      },
    });
    const findings = report.findings().map(({ code, column, value }) => [code, column, value]);
    expect(findings).toEqual([
      ['not-numeric-column', 'a', 'TEXT'],
      ['not-numeric-column', 'b', 'VARCHAR(9)'],
      ['not-numeric-column', 'c', 'DATE'],
      ['not-numeric-column', 'y', 'CHAR(9)'],
    ]);
    expect(report.findings().at(-1)!.message).toContain('The target must be numeric');
  });

  it('cannot have the timestamp as target', async () => {
    const { found } = await run(series('2024-01-01'), { label: 'timestamp', schema: { timestamp: 'TIMESTAMP' } });
    expect(found).toEqual([
      ['not-numeric-column', undefined, 'timestamp'],
      ['unlisted-column', undefined, undefined],
      ['not-a-number', 2, 'timestamp'],
    ]);
  });
});

describe('the target', () => {
  it('is a finite number; missing targets are counted', async () => {
    const rows = ['1', '', 'NA', 'abc', '1e400', 'Infinity'].map((y, index) => `2024-01-0${index + 1},1,${y}\n`);
    const { records, report, found } = await run(`timestamp,a,y\n${rows.join('')}`);
    expect(records.slice(0, 3).map(({ label }) => label)).toEqual(['1', null, null]);
    expect(found).toEqual([
      ['missing-label', 3, 'y'],
      ['missing-label', 4, 'y'],
      ['not-a-number', 5, 'y'],
      ['not-a-number', 7, 'y'],
      ['number-overflow', 6, 'y'],
    ]);
    expect(report).toMatchObject({ errors: 3, warnings: 2 });
  });
});

describe('timestamps', () => {
  it('ascend; a finding names the row before', async () => {
    const { report, found } = await run(series('2024-01-02', '2024-01-04', '2024-01-03', '2024-01-05', '2024-01-01'));
    expect(found).toEqual([
      ['unordered-timestamp', 4, 'timestamp'],
      ['unordered-timestamp', 6, 'timestamp'],
    ]);
    expect(report.findings()[0]).toMatchObject({
      severity: 'error',
      file: 'data',
      message: 'The timestamp is earlier than the one before it, in row 3.',
      value: '2024-01-03',
      expected: 'no earlier moment than in row 3',
    });
  });

  it('ascend as moments, not as texts', async () => {
    const inOrder = ['31.01.2024', '01.02.2024'];
    expect((await run(series(...inOrder))).found).toEqual([]);
    const byOffset = ['2024-01-01T12:00+02:00', '2024-01-01T11:00+00:00', '2024-01-01T12:30+02:00'];
    expect((await run(series(...byOffset))).found).toEqual([['unordered-timestamp', 4, 'timestamp']]);
    const byFraction = ['2024-01-01 00:00:00.5', '2024-01-01 00:00:00.25', '2024-01-01 00:00:01.0'];
    expect((await run(series(...byFraction), { schema: { timestamp: 'TIMESTAMP(6)', a: 'INT' } })).found).toEqual([
      ['unordered-timestamp', 3, 'timestamp'],
    ]);
  });

  it('may be equal to their neighbours, with a warning', async () => {
    const { report } = await run(series('2024-01-01 12:00', '2024-01-01 12:00', '2024-01-01 13:00'));
    expect(report.findings()).toMatchObject([
      { code: 'repeated-timestamp', severity: 'warning', row: 3, message: expect.stringContaining('row 2') as unknown },
    ]);
  });

  it('are written in one format', async () => {
    const { report } = await run(series('2024-01-01', '2024-01-02 00:00', '01/13/2024', '2024-01-14'));
    expect(report.findings()).toMatchObject([
      {
        code: 'mixed-time-format',
        row: 3,
        value: '2024-01-02 00:00',
        expected: 'YYYY-MM-DD',
        message: 'The timestamp is written YYYY-MM-DD HH:MM, but the first one, in row 2, is written YYYY-MM-DD.',
      },
      { code: 'mixed-time-format', row: 4, value: '01/13/2024', expected: 'YYYY-MM-DD' },
    ]);
  });

  it.each([
    ['quarter hours', 'Europe/Berlin', '2021-10-31 02:30', '2021-10-31 02:45', '2021-10-31 02:00'],
    ['hours', 'Europe/Berlin', '2021-10-31 01:00', '2021-10-31 02:00', '2021-10-31 02:00'],
    ['British hours', 'Europe/London', '2021-10-31 01:00', '2021-10-31 01:30', '2021-10-31 01:00'],
    ['American hours', 'America/New_York', '2021-11-07 00:30', '2021-11-07 01:30', '2021-11-07 01:00'],
  ])('that come again at the end of summer time have a fix that names a zone: %s', async (_name, zone, ...times) => {
    const [finding] = (await run(series(...times))).report.findings();
    expect(finding).toMatchObject({ row: 4, fix: expect.stringContaining(`\`spec.csv_options.time_zone: ${zone}\``) });
  });

  it('that come again at another time have another fix', async () => {
    const { report } = await run(series('2021-06-30 12:30', '2021-06-30 12:45', '2021-06-30 12:00'));
    expect(report.findings()[0]!.fix).toContain('Sort the rows');
  });

  it('are not in the future, according to their offset', async () => {
    const minutes = 60_000;
    /** Returns the local time of a zone that is some hours ahead of UTC. */
    const clock = (moment: number, hours: number) =>
      new Date(moment + hours * 60 * minutes).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
    const past = Date.now() - 30 * minutes;
    const future = Date.now() + 30 * minutes;
    expect((await run(series(`${clock(past, 2)}+02:00`))).found).toEqual([]);
    expect((await run(series(`${clock(past, 0)}Z`))).found).toEqual([]);
    const { report } = await run(series(`${clock(future, -2)}-02:00`));
    expect(report.findings()).toMatchObject([
      { code: 'future-timestamp', severity: 'error', row: 2, value: `${clock(future, -2)}-02:00` },
    ]);
    expect((await run(series(clock(future, 0)))).found).toEqual([['future-timestamp', 2, 'timestamp']]);
  });

  it('are not missing, which is reported once', async () => {
    const manifest = series('2024-01-02', '', ' ', '2024-01-01');
    expect((await run(manifest)).found).toEqual([
      ['missing-timestamp', 3, 'timestamp'],
      ['missing-timestamp', 4, 'timestamp'],
      ['unordered-timestamp', 5, 'timestamp'],
    ]);
    const { found } = await run(manifest, { schema: { timestamp: 'TIMESTAMP NOT NULL', a: 'INT' } });
    expect(found.map(([code, row]) => [code, row])).toEqual([
      ['missing-value', 3],
      ['missing-value', 4],
      ['unordered-timestamp', 5],
    ]);
  });

  it('that are not valid are reported once, and skipped when rows are compared', async () => {
    const { found } = await run(series('soon', '2024-01-02', '31.02.2024', '2024-01-03'));
    expect(found).toEqual([
      ['not-a-datetime', 2, 'timestamp'],
      ['unreal-date', 4, 'timestamp'],
    ]);
  });

  it('whose column is not in the file are reported once', async () => {
    const { found } = await run('a,y\n1,1\n2,2\n');
    expect(found).toEqual([['missing-column', undefined, 'timestamp']]);
  });

  it('are all counted, although not all are shown', async () => {
    const { report } = await run(series(...Array.from({ length: 300 }, (_, index) => `2024-01-0${2 - (index % 2)}`)));
    expect(report.totals()).toEqual([{ code: 'unordered-timestamp', severity: 'error', total: 150 }]);
    expect(report.findings()).toHaveLength(100);
  });
});

it('the task states how data is read, and sends the names and types of the columns as metadata', () => {
  expect(timeSeriesForecasting).toMatchObject({
    dataFormat: 'tabular',
    label: { use: 'required', statePolicy: true },
    schema: 'required',
    allowFeatureModification: false,
  });
  const columns = [
    { name: 'timestamp', type: parseSqlType('timestamp not null') },
    { name: 'load', type: parseSqlType('float') },
  ];
  expect(timeSeriesForecasting.metadata({ timeColumn: 'timestamp' }, columns)).toEqual({
    number_of_columns: 2,
    schema: { timestamp: 'TIMESTAMP', load: 'FLOAT' },
  });
});
