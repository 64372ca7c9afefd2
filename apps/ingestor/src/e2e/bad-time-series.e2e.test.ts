import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, yamlOf, type ConfigFields, World, type Traces } from '@tracebloc/ingestor-testing/command';

const SERIES = {
  category: 'time_series_forecasting',
  label: { column: 'y', policy: 'bucket' },
  schema: { timestamp: 'TIMESTAMP', a: 'FLOAT' },
};

interface BadSeries {
  what: string;
  content: string;
  findings: Partial<Finding>[];
  warnings?: Partial<Finding>[];
  config?: ConfigFields;
}

const BAD_SERIES: BadSeries[] = [
  {
    what: 'timestamps in no order',
    content: 'timestamp,a,y\n2024-01-02,1,1\n2024-01-03,,2\n2024-01-01,1,3\n2024-01-01,1,4\n',
    findings: [
      {
        code: 'unordered-timestamp',
        row: 4,
        column: 'timestamp',
        value: '2024-01-01',
        message: 'The timestamp is earlier than the one before it, in row 3.',
        expected: 'no earlier moment than in row 3',
        fix: 'Sort the rows by their timestamps, the oldest first; make a separate dataset of each of several series.',
      },
    ],
    warnings: [{ code: 'repeated-timestamp', row: 5, value: '2024-01-01' }],
  },
  {
    what: 'two formats of timestamps',
    content: 'timestamp,a,y\n2024-01-01 00:00,1,1\n02.01.2024 00:00,1,2\n2024-01-03T00:00Z,1,3\n',
    findings: [
      {
        code: 'mixed-time-format',
        row: 3,
        column: 'timestamp',
        value: '02.01.2024 00:00',
        message: 'The timestamp is written DD.MM.YYYY HH:MM, but the first one, in row 2, is written YYYY-MM-DD HH:MM.',
        expected: 'YYYY-MM-DD HH:MM',
        fix: 'Write all timestamps in one format; check whether day and month are swapped.',
      },
      { code: 'mixed-time-format', row: 4, value: '2024-01-03T00:00Z', expected: 'YYYY-MM-DD HH:MM' },
    ],
  },
  {
    what: 'a timestamp in the future',
    content: 'timestamp,a,y\n2024-01-01,1,1\n2037-12-31,1,2\n',
    findings: [
      {
        code: 'future-timestamp',
        row: 3,
        column: 'timestamp',
        value: '2037-12-31',
        expected: expect.stringMatching(/^at most \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/) as unknown as string,
        fix: 'Correct the value, remove the forecast rows, or write the offset of local time, for example `+02:00`.',
      },
    ],
  },
  {
    what: 'missing timestamps',
    content: 'timestamp,a,y\n2024-01-01,1,1\n,1,2\nNA,1,3\n2024-01-04,1,4\n',
    findings: [
      {
        code: 'missing-timestamp',
        row: 3,
        column: 'timestamp',
        expected: 'a timestamp',
        fix: 'Fill the timestamp, or remove the row.',
      },
      { code: 'missing-timestamp', row: 4 },
    ],
  },
  {
    what: 'timestamps that cannot be read',
    content: 'timestamp,a,y\n2024-01-01,1,1\n2024-02-30,1,2\nsoon,1,3\n',
    findings: [
      { code: 'unreal-date', row: 3, value: '2024-02-30' },
      { code: 'not-a-datetime', row: 4, value: 'soon' },
    ],
  },
  {
    what: 'no timestamp in the schema',
    content: 'date,a,y\n2024-01-01,1,1\n',
    findings: [
      {
        code: 'no-timestamp-column',
        column: 'date',
        message: 'The schema has no column called timestamp. Is it "date"?',
        expected: 'timestamp: TIMESTAMP',
      },
    ],
    config: { schema: { date: 'TIMESTAMP', a: 'FLOAT' } },
  },
  {
    what: 'a timestamp of another type, and a feature that is text',
    content: 'Timestamp,a,y\n2024-01-01,cold,1\n',
    findings: [
      { code: 'timestamp-type', column: 'Timestamp', value: 'DATETIME', expected: 'TIMESTAMP' },
      { code: 'not-numeric-column', column: 'a', value: 'VARCHAR(8)' },
    ],
    config: { schema: { Timestamp: 'DATETIME', a: 'VARCHAR(8)' } },
  },
  {
    what: 'targets that are no finite numbers',
    content: 'timestamp,a,y\n2024-01-01,1,high\n2024-01-02,1,1e400\n2024-01-03,1,\n',
    findings: [
      { code: 'not-a-number', row: 2, column: 'y', value: 'high' },
      { code: 'number-overflow', row: 3, column: 'y', value: '1e400' },
    ],
    warnings: [{ code: 'missing-label', row: 4, column: 'y' }],
  },
];

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('series.csv', 'timestamp,a,y\n2024-01-01,1,1\n2024-01-02,,2\n');
  await world.write('kept.yaml', yamlOf({ ...SERIES, csv: 'series.csv', table: 'kept' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(() => world.stop());

const prepare = async ({ content, config }: BadSeries) => {
  await world.write('bad.csv', content);
  await world.write('ingest.yaml', yamlOf({ ...SERIES, csv: 'bad.csv', ...config }));
};

describe('validate of', () => {
  it.each(BAD_SERIES)('$what', async (bad) => {
    await prepare(bad);
    const ended = await world.run(['validate', '-c', 'ingest.yaml', '--json'], {});
    expect(ended).toMatchObject({ code: 3 });
    const { findings, ...result } = documentOf<ValidationResult>(ended);
    expect(result).toMatchObject({ valid: false, errors: bad.findings.length });
    const isError = ({ severity }: Finding) => severity === 'error';
    const inFile = bad.findings.map((finding) => ({ file: expect.stringMatching(/bad\.csv$/), ...finding }));
    expect(findings.filter(isError)).toMatchObject(inFile);
    if (bad.warnings) expect(findings.filter((finding) => !isError(finding))).toMatchObject(bad.warnings);
    expect(await world.traces()).toEqual(before);
  });
});

describe('ingest of', () => {
  it.each(BAD_SERIES.slice(0, 3))('$what', async (bad) => {
    await prepare(bad);
    const ended = await world.run(['ingest', '-c', 'ingest.yaml']);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('✖ fresh was not ingested: the data is not valid, and nothing was published');
    for (const { code, row, value } of bad.findings) {
      expect(ended.stdout).toContain(`✖ ${code}  `);
      expect(ended.stdout).toContain(`bad.csv:${row} timestamp  `);
      expect(ended.stdout).toContain(`value ${JSON.stringify(value)}`);
    }
    expect(await world.traces()).toEqual(before);
  });
});

it('a forecast whose label policy is not stated is refused before the data is read', async () => {
  await world.write('ingest.yaml', yamlOf({ ...SERIES, csv: 'series.csv', label: 'y' }));
  const ended = await world.run(['validate', '-c', 'ingest.yaml'], {});
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain("ingest.yaml:7:8 label: time_series_forecasting must state the label's policy");
});
