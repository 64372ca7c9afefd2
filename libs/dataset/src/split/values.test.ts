import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { split } from './split.test-support.js';

const schemaOf = (types: Record<string, string>) =>
  Object.entries(types).map(([name, type]) => ({ name, type: parseSqlType(type) }));
const codesOf = ({ report }: Awaited<ReturnType<typeof split>>) => report.findings().map(({ code }) => code);

describe('a split by time reads the times as the dataset does', () => {
  it('with the day first', async () => {
    const content = 't\n31/12/2023\n01/02/2024\n13/02/2024\n';
    const { test, report } = await split(content, { time: 't', testSize: 1, csv: { dayFirst: true } });
    expect(report.findings()).toEqual([]);
    expect(test).toBe('t\n13/02/2024\n');
    expect(codesOf(await split(content, { time: 't', testSize: 1 }))).toContain('unreadable-time');
  });

  it('in a format', async () => {
    const csv = { dateColumns: { t: 'MMM-YYYY' } };
    expect((await split('t\nDec-2023\nJan-2024\n', { time: 't', testSize: 1, csv })).test).toBe('t\nJan-2024\n');
    expect(codesOf(await split('t\nJan-2024\nDec-2023\n', { time: 't', testSize: 1, csv }))).toEqual([
      'time-not-ascending',
    ]);
  });

  it('in a number with a decimal comma', async () => {
    const csv = { decimal: ',' as const, delimiter: ';' };
    const { test, report } = await split('t;a\n9,5;1\n10,25;2\n', { time: 't', testSize: 1, csv });
    expect(report.findings()).toEqual([]);
    expect(test).toBe('t;a\n10,25;2\n');
  });

  it('in a time zone, in which an hour comes twice', async () => {
    const times = ['01:30', '02:30', '02:00', '02:45'].map((clock) => `2021-10-31 ${clock}`);
    const content = `t\n${times.join('\n')}\n`;
    expect(codesOf(await split(content, { time: 't', testSize: 2 }))).toContain('time-not-ascending');
    const { test, report } = await split(content, { time: 't', testSize: 2, csv: { timeZone: 'Europe/Berlin' } });
    expect(report.findings()).toEqual([]);
    expect(test).toBe('t\n2021-10-31 02:00\n2021-10-31 02:45\n');
  });

  it('as the schema declares them', async () => {
    const content = 't\n20231231\n20240101 00:00\n';
    const schema = schemaOf({ t: 'TIMESTAMP' });
    expect((await split(content, { time: 't', testSize: 1, schema })).test).toBe('t\n20240101 00:00\n');
    expect(codesOf(await split(content, { time: 't', testSize: 1 }))).toEqual(['unreadable-time']);
  });
});

describe('a split keeps together what is one value', () => {
  it('of a class', async () => {
    const content = `y\n${['1', '1.0', '01', '+1', '0', '0.0', '00', '-0'].map((text) => `${text}\n`).join('')}`;
    const typed = await split(content, { label: 'y', testSize: 0.5, schema: schemaOf({ y: 'INT' }) });
    expect(typed.result.classes).toEqual([
      { label: '1', train: 2, test: 2 },
      { label: '0', train: 2, test: 2 },
    ]);
    // As text, each is a class of one row.
    await expect(split(content, { label: 'y', testSize: 0.5 })).rejects.toMatchObject({ code: 'one-sided-split' });
  });

  it('of a group, also with the options of the file', async () => {
    const content = `g;a\n${['1.000', '1000', '2.000', '2000,0'].map((text, index) => `${text};${index}\n`).join('')}`;
    const csv = { delimiter: ';', decimal: ',' as const, thousands: '.' };
    const { result } = await split(content, { groupBy: 'g', testSize: 2, csv, schema: schemaOf({ g: 'DOUBLE' }) });
    expect(result).toMatchObject({ train: 2, test: 2, groups: { train: 1, test: 1 } });
  });

  it('of missing values', async () => {
    const content = `y\n${['a', 'a', 'NA', '-', '""', 'null'].map((text) => `${text}\n`).join('')}`;
    const { result } = await split(content, { label: 'y', testSize: 0.5, csv: { naColumns: { y: ['-'] } } });
    expect(result.classes).toEqual([
      { label: 'a', train: 1, test: 1 },
      { label: '', train: 2, test: 2 },
    ]);
  });
});
