import { expect, it } from '@jest/globals';
import { type JsonValue, parseSqlType } from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';
import { timeSeriesForecasting } from './forecasting.js';

const SCHEMA = [{ name: 'timestamp', type: parseSqlType('TIMESTAMP') }];

function findingsOf(parts: readonly JsonValue[]) {
  const report = createReport();
  const context = { options: { timeColumn: 'timestamp' }, schema: SCHEMA, columns: SCHEMA, report, file: 'data' };
  timeSeriesForecasting.shards!.conclude!(parts, context);
  return report.findings().map(({ code, row, value }) => [code, row, value]);
}

/** Returns what a shard hands on if its dates are written as the table holds them. */
const part = (first: [string, number], last: [string, number]): JsonValue =>
  [first, last].map(([moment, row]) => [moment, moment, row]);

it('shards in the order of time have no findings', () => {
  expect(findingsOf([part(['2024-01-01', 2], ['2024-01-05', 6]), part(['2024-01-06', 7], ['2024-01-09', 9])])).toEqual(
    [],
  );
});

it('reports a shard that does not begin after the end of the one before it, and one in another format', () => {
  const first = part(['2024-01-01', 2], ['2024-01-05', 6]);
  expect(findingsOf([first, part(['2024-01-05', 7], ['2024-01-09', 9])])).toEqual([
    ['repeated-timestamp', 7, '2024-01-05'],
  ]);
  expect(findingsOf([first, part(['2024-01-04', 7], ['2024-01-09', 9])])).toEqual([
    ['unordered-timestamp', 7, '2024-01-04'],
  ]);
  const slashes: JsonValue = [
    ['2024-01-06', '2024/01/06', 7],
    ['2024-01-09', '2024/01/09', 9],
  ];
  expect(findingsOf([first, slashes])).toEqual([['mixed-time-format', 7, '2024/01/06']]);
});
