import { expect, it } from '@jest/globals';
import { compileCell, createReport } from '@tracebloc/ingestor-dataset';
import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { type PartialTimestamps, TimestampCheck } from './timestamps.js';

const TIMESTAMP = parseSqlType('TIMESTAMP');

/** Returns the findings about timestamps that a number of shards read with the options of a file. */
function findingsOf(options: ValueFormat, timestamps: readonly string[], shards = 1) {
  const report = createReport();
  const location = { report, file: 'x.csv', column: 'timestamp' };
  const read = compileCell(TIMESTAMP, new Set(), options);
  const perShard = Math.ceil(timestamps.length / shards);
  const checks = Array.from({ length: shards }, (_, shard) => {
    const check = new TimestampCheck(location, options);
    timestamps.slice(shard * perShard, (shard + 1) * perShard).forEach((text, index) => {
      check.add(read(text) as string, text, shard * perShard + index + 2);
    });
    return check;
  });
  if (shards > 1) {
    const whole = new TimestampCheck(location);
    // Shards pass on JSON.
    for (const check of checks) whole.merge(JSON.parse(JSON.stringify(check.partial())) as PartialTimestamps);
  }
  return report.findings();
}

it.each<[string, ValueFormat, string[]]>([
  ['the day first, with and without zeros', { dayFirst: true }, ['5/1/2024', '15/01/2024']],
  ['the month first, with and without zeros', { dayFirst: false }, ['1/5/2024', '01/15/2024']],
  ['a format without zeros', { dateFormat: 'D.M.YYYY' }, ['1.9.2024', '10.10.2024']],
  ['seconds since 1970', { dateFormat: 'epoch_s' }, ['1663722900', '1663723800']],
])('timestamps are one format with the options of the file: %s', (_name, options, timestamps) => {
  expect(findingsOf(options, timestamps)).toEqual([]);
  expect(findingsOf(options, timestamps, 2)).toEqual([]);
});

it('two formats are reported by the names that the options give them, in one process and in shards', () => {
  const timestamps = ['05/01/2024', '2024-01-15'];
  const wanted = [{ code: 'mixed-time-format', row: 3, expected: 'DD/MM/YYYY' }];
  expect(findingsOf({ dayFirst: true }, timestamps)).toMatchObject(wanted);
  expect(findingsOf({ dayFirst: true }, timestamps, 2)).toMatchObject(wanted);
});
