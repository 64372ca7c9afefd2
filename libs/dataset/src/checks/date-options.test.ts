import { describe, expect, it } from '@jest/globals';
import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import { compileFormattedCheck } from './cell.js';
import { fixOf } from './fix.js';

function outcome(format: ValueFormat, type: string, text: string): string {
  const result = compileFormattedCheck(parseSqlType(type), format)(text);
  return typeof result === 'string' ? result : `<${result.code}>`;
}

describe.each<[format: ValueFormat, type: string, cases: Record<string, string>]>([
  [
    { dayFirst: true },
    'DATETIME',
    {
      '25/12/2024': '2024-12-25 00:00:00',
      '25-12-2024 08:30': '2024-12-25 08:30:00',
      '1/2/2024': '2024-02-01 00:00:00',
      '1/2/2024 9:05': '2024-02-01 09:05:00',
      '12/25/2024': '<unreal-date>',
      '2024-12-25': '2024-12-25 00:00:00',
      '25.12.2024': '2024-12-25 00:00:00',
    },
  ],
  [
    { dayFirst: false },
    'DATE',
    { '12/25/2024': '2024-12-25', '12-25-2024': '2024-12-25', '25/12/2024': '<unreal-date>' },
  ],
  [
    { dateFormat: 'YYYY-MM' },
    'DATE',
    { '1949-01': '1949-01-01', '1949-13': '<unreal-date>', '1949-01-02': '<not-a-date>' },
  ],
  [
    { dateFormat: 'D-MMM-YYYY' },
    'DATE',
    { '3-Jan-2024': '2024-01-03', '03-jan-2024': '2024-01-03', '3-Foo-2024': '<not-a-date>' },
  ],
  [{ dateFormat: 'MMMM D, YYYY' }, 'DATE', { 'January 3, 2024': '2024-01-03', 'Sept 3, 2024': '2024-09-03' }],
  [{ dateFormat: 'DDMMYYYY' }, 'DATE', { '25122024': '2024-12-25', '5122024': '<not-a-date>' }],
  [{ dateFormat: 'DD/MM/YY' }, 'DATE', { '25/12/68': '2068-12-25', '25/12/69': '1969-12-25' }],
  [{ dateFormat: '%d/%m/%Y %H:%M' }, 'DATETIME', { '25/12/2024 08:30': '2024-12-25 08:30:00' }],
  [
    { dateFormat: 'MM/DD/YYYY hh:MM A' },
    'DATETIME',
    {
      '12/25/2024 12:05 AM': '2024-12-25 00:05:00',
      '12/25/2024 12:05 PM': '2024-12-25 12:05:00',
      '12/25/2024 3:05 p.m.': '2024-12-25 15:05:00',
      '12/25/2024 13:05 PM': '<not-a-datetime>',
    },
  ],
  [
    { dateFormat: 'DD.MM.YYYY HH:mm:SS' },
    'DATETIME(3)',
    { '25.12.2024 08:30:00.250': '2024-12-25 08:30:00.25', '25.12.2024 08:30:00+01:00': '2024-12-25 07:30:00' },
  ],
  [
    { dateFormat: 'epoch_s' },
    'TIMESTAMP',
    { '1663723800': '2022-09-21 01:30:00', '-1': '1969-12-31 23:59:59', x: '<not-a-datetime>' },
  ],
  [
    { dateFormat: 'epoch_ms' },
    'DATETIME(3)',
    { '1663723800250': '2022-09-21 01:30:00.25', '-1': '1969-12-31 23:59:59.999' },
  ],
  [
    {},
    'DATE',
    { '2024-01-03 00:00:00': '2024-01-03', '2024-01-03T00:00Z': '2024-01-03', '2024-01-03 00:00:01': '<not-a-date>' },
  ],
  [{}, 'TIMESTAMP', { '1949-01-01': '1949-01-01 00:00:00', '2199-12-31 23:59:59': '2199-12-31 23:59:59' }],
  [
    { timeZone: 'Europe/Berlin' },
    'DATETIME',
    {
      '2024-07-01 12:00': '2024-07-01 10:00:00',
      '2024-01-01 12:00': '2024-01-01 11:00:00',
      '2024-07-01 12:00Z': '2024-07-01 12:00:00',
      '2024-03-31 02:30': '<unreal-date>',
    },
  ],
  [
    {},
    'DATETIME',
    {
      '2024-01-03 10:00:00 +0100': '2024-01-03 09:00:00',
      '2024-01-03 10:00:00-05': '2024-01-03 15:00:00',
      '2024-01-03 10:00:00 UTC': '2024-01-03 10:00:00',
      '2024-01-03 24:00': '2024-01-04 00:00:00',
      '2024-12-31T24:00:00+01:00': '2024-12-31 23:00:00',
      '2024-01-03 24:01': '<unreal-date>',
      '2024-01-03 10:00 +2500': '<unreal-date>',
      '0999-12-31': '<out-of-range>',
      '1000-01-01': '1000-01-01 00:00:00',
    },
  ],
  [{ dateFormat: 'YYYYQ' }, 'DATE', { '2024Q1': '2024-01-01', '2024q4': '2024-10-01', '2024Q5': '<not-a-date>' }],
  [{ dateFormat: 'Q/YYYY' }, 'DATE', { '3/2024': '2024-07-01' }],
  [{ dateFormat: 'YYYY' }, 'DATE', { '1949': '1949-01-01', '49': '<not-a-date>' }],
  [{ timeZone: 'Europe/Berlin', dateFormat: 'epoch_s' }, 'DATETIME', { '1663723800': '2022-09-21 01:30:00' }],
])('with %j, a %s', (format, type, cases) => {
  it.each(Object.entries(cases))('reads %j as %s', (text, wanted) => {
    expect(outcome(format, type, text)).toBe(wanted);
  });
});

describe('the two hours at the end of summer time', () => {
  const BERLIN: ValueFormat = { timeZone: 'Europe/Berlin' };
  const read = (format: ValueFormat, ...times: string[]) => {
    const check = compileFormattedCheck(parseSqlType('DATETIME'), format);
    return times
      .map((time) => check(time))
      .map((result) => (typeof result === 'string' ? result.slice(11, 16) : result.code));
  };
  it.each<[name: string, times: string[], wanted: string[], zone?: string]>([
    [
      'quarter hours',
      ['01:45', '02:00', '02:30', '02:00', '02:30', '03:00'],
      ['23:45', '00:00', '00:30', '01:00', '01:30', '02:00'],
    ],
    ['hours', ['01:00', '02:00', '02:00', '03:00'], ['23:00', '00:00', '01:00', '02:00']],
    ['newest first', ['04:00', '03:00', '02:00', '02:00', '01:00'], ['03:00', '02:00', '01:00', '00:00', '23:00']],
    ['the start of a file', ['02:00', '02:30', '02:00'], ['00:00', '00:30', '01:00']],
    [
      'several rows a moment',
      ['01:00', '01:00', '02:00', '02:00', '03:00'],
      ['23:00', '23:00', '00:00', '00:00', '02:00'],
    ],
    ['no order', ['05:00', '01:00', '04:00', '02:30'], ['04:00', '23:00', '03:00', 'ambiguous-local-time']],
  ])('keep their order in %s', (_name, times, wanted) => {
    expect(read(BERLIN, ...times.map((time) => `2021-10-31 ${time}`))).toEqual(wanted);
  });

  it('are not guessed where the rows before are not known', () => {
    const check = compileFormattedCheck(parseSqlType('DATETIME'), BERLIN, () => false);
    expect(check('2021-10-31 02:30')).toMatchObject({ code: 'ambiguous-local-time' });
    expect(check('2021-10-31 03:30')).toBe('2021-10-31 02:30:00');
  });
});

describe('the fix of a date', () => {
  it.each([
    ['DATE', '25/12/2024', 'day_first: true'],
    ['DATE', '25-12-2024', 'day_first: true'],
    ['DATE', '12-25-2024', 'day_first: false'],
    ['DATE', '3-Jan-2024', 'date_format: "D-MMM-YYYY"'],
    ['DATE', '1949-01', 'date_format: "YYYY-MM"'],
    ['TIMESTAMP', '1663723800', 'date_format: "epoch_s"'],
    ['DATETIME(3)', '1663723800250', 'date_format: "epoch_ms"'],
    ['DATETIME', '12/25/2024 3:05 PM', 'date_format: "MM/DD/YYYY hh:mm A"'],
    ['DATE', '25/12/24', 'date_format: "DD/MM/YY"` (YY is 1969 to 2068)'],
    ['DATE', '1949', 'date_format: "YYYY"` if it is a year'],
    ['DATE', '194901', 'date_format: "YYYYMM"` if it is a year and a month'],
    ['DATE', '2024Q1', 'date_format: "YYYYQ"'],
    ['DATE', '2024-01-03 10:15', 'Declare the column DATETIME'],
  ])('in %s %j names %s', (type, text, wanted) => {
    expect(fixOf(text, parseSqlType(type), {})).toContain(wanted);
  });

  it('names both readings if both are possible', () => {
    const fix = fixOf('01-02-2024', parseSqlType('DATE'), {});
    expect(fix).toContain('`day_first: true` if the day is first, or `day_first: false` if the month is');
  });

  it.each(['soon', '2024-02-30', '99/99/2024', ''])('names no option in %j', (text) => {
    expect(fixOf(text, parseSqlType('DATE'), {})).toBeUndefined();
  });
});
