import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tracebloc/ingestor-contract';
import { type TaskInput, readTask } from '@tracebloc/ingestor-conformance';
import { timeToEventPrediction } from './prediction.js';

const DATES = { from: 'start', to: 'end', unit: 'days' };

async function run(rows: readonly string[], time: JsonObject = {}, input: Partial<TaskInput> = {}) {
  const { records, report } = await readTask(timeToEventPrediction, {
    manifest: ['start,end,plan,event', ...rows, ''].join('\n'),
    label: 'event',
    schema: { start: 'DATE', end: 'DATE', plan: 'VARCHAR(9)' },
    fields: { time_column: { ...DATES, ...time } },
    ...input,
  });
  const found = report.findings().map(({ code, row, column }) => [code, row, column]);
  return { rows: records.map(({ label, values }) => [label, ...values]), found, findings: report.findings() };
}

const MOMENTS = { schema: { start: 'TIMESTAMP', end: 'TIMESTAMP(6)', plan: 'VARCHAR(9)' } };
const ROWS = ['2022-01-03,2022-05-01,basic,1', '2024-02-01,2024-03-01,pro,0'];

describe('the time between two dates', () => {
  it('is stored instead of them', async () => {
    const { rows, found } = await run([...ROWS, '2022-01-03,2022-01-03,pro,1']);
    expect(found).toEqual([]);
    expect(rows).toEqual([
      ['1', '118', 'basic'],
      ['0', '29', 'pro'],
      ['1', '0', 'pro'],
    ]);
  });

  it.each([
    ['weeks', '4'],
    ['days', '28'],
    ['hours', '672'],
    ['minutes', '40320'],
    ['seconds', '2419200'],
  ])('has the unit %s', async (unit, time) => {
    const { rows } = await run(['2023-02-01,2023-03-01,x,1', '1023-02-01,1023-03-01,x,0'], { unit });
    expect(rows.map(([, value]) => value)).toEqual([time, time]);
  });

  it('may be between moments, with offsets', async () => {
    const moments = [
      '2024-01-01 12:00,2024-01-02 00:00:00.500000,x,1',
      '2024-03-31T00:00+01:00,2024-04-01T00:00+02:00,x,0',
    ];
    const { rows, found } = await run(moments, { unit: 'hours' }, MOMENTS);
    expect(found.filter(([code]) => code !== 'mixed-offsets')).toEqual([]);
    expect(rows.map(([, value]) => Number(value))).toEqual([12 + 0.5 / 3600, 23]);
  });

  it('reads dates as the options of the file say, and doubts the others', async () => {
    const rows = ['01/02/2024,03/02/2024,x,1', '05/02/2024,07/02/2024,x,0'];
    const doubtful = await run(rows);
    expect(doubtful.found.map(([code, , column]) => [code, column])).toEqual([
      ['ambiguous-date', 'start'],
      ['ambiguous-date', 'end'],
    ]);
    const declared = await run(rows, {}, { csv: { dayFirst: true } });
    expect(declared.found).toEqual([]);
    expect(declared.rows.map(([, time]) => time)).toEqual(['2', '2']);
  });

  it('is an error if it is negative', async () => {
    const { findings } = await run([...ROWS, '2022-05-01,2022-01-03,x,1']);
    expect(findings).toMatchObject([{ code: 'negative-time', row: 4, column: 'end', value: '2022-01-03' }]);
  });

  it('reports cells that are no dates once, and a start that is missing', async () => {
    const { found } = await run([...ROWS, 'soon,2022-01-03,x,1', '2022-01-01,never,x,0', ',2022-01-03,x,1']);
    expect(found).toEqual([
      ['not-a-date', 4, 'start'],
      ['not-a-date', 5, 'end'],
      ['missing-time', 6, 'start'],
    ]);
  });
});

describe('an empty end', () => {
  const OPEN = [...ROWS, '2024-06-01,,pro,0'];

  it('is an error, whose fix makes it censored', async () => {
    const { findings } = await run(OPEN);
    expect(findings).toMatchObject([{ code: 'missing-time', severity: 'error', row: 4, column: 'end' }]);
    expect(findings[0]!.fix).toContain('add `observed_until: <date>` to `time_column`');
    const { rows, found } = await run(OPEN, { observed_until: '2024-06-30' });
    expect(found).toEqual([]);
    expect(rows.at(-1)).toEqual(['0', '29', 'pro']);
  });

  it('is an error of a row that has the event', async () => {
    const { found } = await run([...OPEN, '2024-06-01,,pro,1'], { observed_until: '2024-06-30' });
    expect(found).toEqual([['event-without-end', 5, 'end']]);
    expect((await run([...OPEN, '2024-06-01,,pro,1'])).found.at(-1)).toEqual(['event-without-end', 5, 'end']);
  });

  it('counts for declared events too', async () => {
    const fields = { time_column: { ...DATES, observed_until: '2024-06-30' }, event_values: { event: 2, censored: 1 } };
    const { rows, found } = await run(
      ['2022-01-03,2022-05-01,x,2', '2024-06-01,,x,1', '2024-06-01,,x,2'],
      {},
      { fields },
    );
    expect(found).toEqual([['event-without-end', 4, 'end']]);
    expect(rows.slice(0, 2)).toEqual([
      ['1', '118', 'x'],
      ['0', '29', 'x'],
    ]);
  });

  it('may be a moment, and no row ends later', async () => {
    const moments = ['2024-01-01 12:00:00,2024-01-02 00:00:00,x,1', '2024-01-01 00:00:00,,x,0'];
    const until = (observed_until: string) => run(moments, { unit: 'hours', observed_until }, MOMENTS);
    expect((await until('2024-01-02 06:00')).rows.map(([, time]) => time)).toEqual(['12', '30']);
    expect((await until('2024-01-01')).found).toEqual([['late-end', 2, 'end']]);
    expect((await until('2023-12-31')).found).toEqual([
      ['late-end', 2, 'end'],
      ['negative-time', 3, 'end'],
    ]);
  });
});

describe('the columns of the dates', () => {
  const found = async (schema: Record<string, string>, time: JsonObject = {}) =>
    (await run(ROWS, time, { schema })).found;

  it.each<[string, Record<string, string>, [string, undefined, string][]]>([
    ['must be in the schema', { start: 'DATE' }, [['no-time-column', undefined, 'end']]],
    ['must be dates', { start: 'VARCHAR(16)', end: 'DATE' }, [['time-not-a-date', undefined, 'start']]],
    ['must be of one kind', { start: 'TIMESTAMP', end: 'DATE' }, [['time-not-a-date', undefined, 'end']]],
  ])('%s', async (_name, schema, wanted) => {
    expect((await found(schema)).filter(([code]) => code !== 'unlisted-column')).toEqual(wanted);
  });

  it('are not compared with a moment if they are days', async () => {
    expect((await run(ROWS, { observed_until: '2024-12-31 12:00' })).found).toEqual([
      ['time-not-a-date', undefined, undefined],
    ]);
  });

  it('that the file does not have are reported once', async () => {
    const manifest = 'start,plan,event\n2022-01-03,x,1\n2022-01-04,x,0\n';
    expect((await run([], {}, { manifest })).found).toEqual([['missing-column', undefined, 'end']]);
  });

  it.each<[JsonObject, string]>([
    [{ to: 'Start' }, 'begins and ends with the same column'],
    [{ observed_until: '2024-02-30' }, '`2024-02-30` is not a valid day'],
    [{ observed_until: 'today' }, '`today` is not a valid day'],
  ])('are refused: %j', async (time, message) => {
    await expect(run(ROWS, time)).rejects.toThrow(message);
  });

  it('are named by the fix of a date that is declared as the time', async () => {
    const { findings } = await run(ROWS, {}, { fields: { time_column: 'end' } });
    expect(findings).toMatchObject([{ code: 'time-not-numeric', column: 'end' }]);
    expect(findings[0]!.fix).toContain('`time_column: { from: "start", to: "end", unit: days }`');
  });
});
