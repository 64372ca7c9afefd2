import { describe, expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { type PartialTimestamps, TimestampCheck } from './timestamps.js';

/** Returns the notes and findings about timestamps, which a number of processes read. */
function told(timestamps: readonly string[], shards = 1) {
  const report = createReport();
  const location = { report, file: 'x.csv', column: 'timestamp' };
  const whole = new TimestampCheck(location);
  const perShard = Math.ceil(timestamps.length / shards);
  for (let shard = 0; shard < shards; shard++) {
    const check = shards === 1 ? whole : new TimestampCheck(location);
    const from = shard * perShard;
    timestamps.slice(from, from + perShard).forEach((text, index) => check.add(text, text, from + index + 2));
    // Shards pass on JSON.
    if (check !== whole) whole.merge(JSON.parse(JSON.stringify(check.partial())) as PartialTimestamps);
  }
  whole.finish();
  const findings = report.findings().map(({ code, row, message, value }) => ({ code, row, message, value }));
  return { notes: report.notes(), findings };
}

/** Returns moments with a step in minutes. */
function moments(count: number, minutes: number, from = '2024-01-01T00:00Z'): string[] {
  const start = Date.parse(from);
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * minutes * 60_000).toISOString().slice(0, 19).replace('T', ' '),
  );
}
const without = (all: readonly string[], ...indices: number[]) => all.filter((_, index) => !indices.includes(index));
const days = (count: number, from?: string) => moments(count, 1440, from).map((moment) => moment.slice(0, 10));
const isWeekday = (day: string) => ![0, 6].includes(new Date(day).getUTCDay());
const months = (count: number, day: string) =>
  Array.from(
    { length: count },
    (_, index) => `${1950 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-${day}`,
  );
const monthEnds = ['2023-11-30', '2023-12-31', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31'];

describe.each([1, 3])('in %d processes', (shards) => {
  it.each<[string, string[]]>([
    ['every 15 minutes', moments(40, 15)],
    ['every hour', moments(9, 60)],
    ['every 90 seconds', moments(9, 1.5)],
    ['every day', days(30)],
    ['every week', moments(9, 7 * 1440)],
    ['every weekday', days(30).filter(isWeekday)],
    ['every month', months(30, '01')],
    ['every month', monthEnds],
    ['every 3 months', months(30, '01').filter((_, index) => index % 3 === 0)],
    ['every year', Array.from({ length: 9 }, (_, index) => `${1001 + index}-01-01`)],
    [
      'every 250 milliseconds',
      Array.from({ length: 9 }, (_, index) => `2024-01-01 00:00:0${Math.floor(index / 4)}.${(index % 4) * 25}`),
    ],
  ])('tells %s', (step, timestamps) => {
    expect(told(timestamps, shards)).toEqual({ notes: [`The series has a row ${step}, without gaps.`], findings: [] });
  });

  it('reports the gaps, and the longest of them', () => {
    const { notes, findings } = told(without(moments(40, 15), 5, 14, 15, 16, 30), shards);
    expect(notes).toEqual([]);
    expect(findings).toEqual([
      {
        code: 'time-gaps',
        row: 15,
        message: 'The series has a row every 15 minutes, but 5 rows are missing, in 3 gaps; the longest is reported.',
        value: 'from 2024-01-01 03:15:00 to 2024-01-01 04:15:00',
      },
    ]);
  });

  it.each<[string, string[], string]>([
    ['a missing month', without(months(30, '01'), 14), 'every month, but 1 row is missing, in 1 gap.'],
    [
      'a missing weekday',
      without(days(60).filter(isWeekday), 12, 13),
      'every weekday, but 2 rows are missing, in 1 gap.',
    ],
    ['a missing weekend of days', without(days(30), 5, 6), 'every day, but 2 rows are missing, in 1 gap.'],
  ])('reports %s', (_name, timestamps, wanted) => {
    expect(told(timestamps, shards).findings.map(({ message }) => message)).toEqual([`The series has a row ${wanted}`]);
  });

  it('says that a series has no frequency', () => {
    const timestamps = moments(60, 1).filter((_, index) => [0, 1, 3, 7, 12, 20, 29, 41, 55].includes(index));
    expect(told(timestamps, shards)).toEqual({
      notes: ['The times between rows differ: the series has no frequency.'],
      findings: [],
    });
  });
});

it('tells nothing of few rows, and nothing of rows that are not in order', () => {
  expect(told(days(4))).toEqual({ notes: [], findings: [] });
  expect(told([...days(9), '2023-01-01']).notes).toEqual([]);
});

it('counts gaps that are too many to be told apart', () => {
  let time = Date.parse('2024-01-01T00:00Z');
  const timestamps = Array.from({ length: 3000 }, (_, index) => {
    time += index % 10 === 9 ? (2 + index) * 60_000 : 60_000;
    return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  });
  const missing = Array.from({ length: 300 }, (_, index) => index * 10 + 10).reduce((sum, one) => sum + one);
  for (const shards of [1, 4]) {
    const [finding] = told(timestamps, shards).findings;
    expect(finding!.message).toContain(`${missing.toLocaleString('en-US')} rows are missing, in 300 gaps`);
    expect(finding!.row).toBe(3001);
  }
});

it('says nothing if a shard of an earlier version passed on no steps', () => {
  const report = createReport();
  const whole = new TimestampCheck({ report, file: 'x.csv', column: 'timestamp' });
  whole.merge([
    ['2024-01-01', '2024-01-01', 2, null],
    ['2024-02-01', '2024-02-01', 9, null],
  ] as unknown as PartialTimestamps);
  whole.finish();
  expect(report.notes()).toEqual([]);
});
