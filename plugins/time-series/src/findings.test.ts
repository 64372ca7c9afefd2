import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { timeSeriesForecasting } from './forecasting.js';

interface BadSeries {
  what: string;
  content: string;
  /** All findings that are errors. */
  findings: Partial<Finding>[];
  /** All other findings, if they are checked. */
  warnings?: Partial<Finding>[];
  schema?: Record<string, string>;
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
        fix: 'Sort the rows by their timestamps, the oldest first. If the newest is first, reverse their order. Make a separate dataset of each of several series.',
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
    schema: { date: 'TIMESTAMP', a: 'FLOAT' },
  },
  {
    what: 'a timestamp of another type, and a feature that is text',
    content: 'Timestamp,a,y\n2024-01-01,cold,1\n',
    findings: [
      { code: 'timestamp-type', column: 'Timestamp', value: 'DATETIME', expected: 'TIMESTAMP' },
      { code: 'not-numeric-column', column: 'a', value: 'VARCHAR(8)' },
    ],
    schema: { Timestamp: 'DATETIME', a: 'VARCHAR(8)' },
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

it.each(BAD_SERIES)('$what: every error is reported with its place and its fix', async (bad) => {
  const schema = bad.schema ?? { timestamp: 'TIMESTAMP', a: 'FLOAT' };
  const { report } = await readTask(timeSeriesForecasting, { manifest: bad.content, label: 'y', schema });
  const isError = ({ severity }: Finding) => severity === 'error';
  const inFile = bad.findings.map((finding) => ({ file: 'data', ...finding }));
  expect(report.findings().filter(isError)).toMatchObject(inFile);
  expect(report.errors).toBe(bad.findings.length);
  if (bad.warnings) expect(report.findings().filter((finding) => !isError(finding))).toMatchObject(bad.warnings);
});
