import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { timeToEventPrediction } from './prediction.js';

interface BadStudy {
  what: string;
  content: string;
  /** All findings that are errors. */
  findings: Partial<Finding>[];
  schema?: Record<string, string>;
  fields?: Record<string, string>;
}

const BAD_STUDIES: BadStudy[] = [
  {
    what: 'a negative time',
    content: 'a,time,event\nx,0,0\ny,-3.5,1\n',
    findings: [
      {
        code: 'negative-time',
        row: 3,
        column: 'time',
        value: '-3.5',
        message: 'The time is negative.',
        expected: '0 or more',
        fix: 'Correct the time: it counts from the start of the observation, which is 0.',
      },
    ],
  },
  {
    what: 'an event of 2',
    content: 'a,time,event\nx,1,0\ny,2,1\nz,3,2\n',
    findings: [
      {
        code: 'not-an-event',
        row: 4,
        column: 'event',
        value: '2',
        message: 'The event must be 0 or 1, or `event_values` must say what the values mean.',
        expected: '0 or 1',
        fix: 'If the column has 1 and 2, as tables from R do, 1 usually means censored and 2 that the event was seen: set `event_values: { event: 2, censored: 1 }`. If it has 0, 1 and 2, list what counts as the event, for example `event_values: { event: [1, 2], censored: 0 }`.',
      },
    ],
  },
  {
    what: 'no censored row',
    content: 'a,time,event\nx,1,1\ny,2,1.0\n',
    findings: [
      {
        code: 'no-censored',
        column: 'event',
        message: 'No row is censored: the event column holds no 0.',
        expected: 'both 0 and 1',
        fix: 'Check that `label` names the event column, and add records whose event was not seen.',
      },
    ],
  },
  {
    what: 'no event',
    content: 'a,time,event\nx,1,0\ny,2,0\n',
    findings: [{ code: 'no-event', column: 'event', expected: 'both 0 and 1' }],
  },
  {
    what: 'gaps in the time',
    content: 'a,time,event\nx,1,0\ny,,1\nz,NA,1\n',
    findings: [
      { code: 'missing-time', row: 3, column: 'time', fix: 'Fill the time, or remove the row.' },
      { code: 'missing-time', row: 4, column: 'time' },
    ],
  },
  {
    what: 'times that are no numbers',
    content: 'a,time,event\nx,1,0\ny,two,1\nz,1e400,1\n',
    findings: [
      { code: 'not-a-number', row: 3, column: 'time', value: 'two' },
      { code: 'number-overflow', row: 4, column: 'time', value: '1e400' },
    ],
  },
  {
    what: 'a time that the schema declares a date',
    content: 'a,time,event\nx,2024-01-01,0\ny,2024-01-02,1\n',
    findings: [{ code: 'time-not-numeric', column: 'time', value: 'DATE' }],
    schema: { a: 'VARCHAR(8)', time: 'DATE' },
  },
  {
    what: 'a time column that the schema does not list',
    content: 'a,time,weeks,event\nx,1,1,0\ny,2,2,1\n',
    findings: [{ code: 'no-time-column', column: 'weeks', expected: 'weeks: FLOAT in the schema' }],
    fields: { time_column: 'weeks' },
  },
];

it.each(BAD_STUDIES)('$what: every error is reported with its place and its fix', async (bad) => {
  const schema = bad.schema ?? { a: 'VARCHAR(8)', time: 'FLOAT' };
  const { content: manifest, fields } = bad;
  const { report } = await readTask(timeToEventPrediction, { manifest, label: 'event', schema, fields });
  const inFile = bad.findings.map((finding) => ({ file: 'data', ...finding }));
  expect(report.findings().filter(({ severity }) => severity === 'error')).toMatchObject(inFile);
  expect(report.errors).toBe(bad.findings.length);
});
