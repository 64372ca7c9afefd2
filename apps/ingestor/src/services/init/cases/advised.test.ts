import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdvisedCase, checkAdvised, yamlOf } from './advised.test-support.js';
import { Desk, type Row } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const SERIES = 'time_series_forecasting';
const lines = (...texts: string[]) => `${texts.join('\n')}\n`;
const series = (...texts: string[]) => lines('timestamp,y', ...texts.map((text, index) => `${text},${index}`));
const moments = (...texts: string[]): Row[] => texts.map((text, index) => [String(index), text]);

/** Tables with the configuration of a person who does not know the options, and what the findings lead to. */
const CASES: Record<string, AdvisedCase> = {
  '06, decimal comma and thousands point': {
    content: lines('cases;change;rate;y', '2.155;+546;19,47;a', '817;+12;6,10;b', '1.020;-3;22,00;a'),
    schema: { cases: 'INT', change: 'INT', rate: 'FLOAT' },
    options: ['delimiter: ";"'],
    codes: ['not-an-integer'],
    rows: [
      ['a', 2155, 546, 19.47],
      ['b', 817, 12, 6.1],
      ['a', 1020, -3, 22],
    ],
  },
  '06, the same if the first column is declared FLOAT': {
    content: lines('cases;rate;y', '2.155;19,47;a', '1.020;22,00;b'),
    schema: { cases: 'FLOAT', rate: 'FLOAT' },
    options: ['delimiter: ";"'],
    codes: ['not-a-number', 'not-a-number'],
    rows: [
      ['a', 2155, 19.47],
      ['b', 1020, 22],
    ],
  },
  '06, the same if the rate is text': {
    content: lines('cases;rate;y', '2.155;19,47;a', '1.020;22,00;b'),
    schema: { cases: 'FLOAT', rate: 'VARCHAR(8)' },
    options: ['delimiter: ";"'],
    codes: ['ambiguous-number'],
    rows: [
      ['a', 2155, '19,47'],
      ['b', 1020, '22,00'],
    ],
  },
  '12, a country that is declared NOT NULL': {
    content: lines('site,country,y', '1,MZ,a', '2,NA,b'),
    schema: { site: 'INT', country: 'VARCHAR(2) NOT NULL' },
    codes: ['missing-value'],
    rows: [
      ['a', 1, 'MZ'],
      ['b', 2, 'NA'],
    ],
  },
  '12, a country that may be missing': {
    content: lines('site,country,y', '1,MZ,a', '2,NA,b'),
    schema: { site: 'INT', country: 'VARCHAR(2)' },
    codes: ['na-among-codes'],
    rows: [
      ['a', 1, 'MZ'],
      ['b', 2, 'NA'],
    ],
  },
  '23, thousands commas, percent and dollars': {
    content: lines('n,ctr,cost,y', '"12,340",4.76%,"$1,234.00",a', '990,1.00%,$7,b'),
    schema: { n: 'INT', ctr: 'FLOAT', cost: 'FLOAT' },
    codes: ['not-an-integer', 'not-a-number', 'not-a-number'],
    rows: [
      ['a', 12340, 4.76, 1234],
      ['b', 990, 1, 7],
    ],
  },
  '31, the first of each month': {
    content: series('01/01/2022', '01/02/2022', '01/03/2022'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['ambiguous-date'],
    rows: moments('2022-01-01 00:00:00', '2022-02-01 00:00:00', '2022-03-01 00:00:00'),
  },
  '32, months': {
    content: series('1949-01', '1949-02'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['not-a-datetime'],
    rows: moments('1949-01-01 00:00:00', '1949-02-01 00:00:00'),
  },
  '32, years': {
    content: series('1949', '1950'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['not-a-datetime'],
    rows: moments('1949-01-01 00:00:00', '1950-01-01 00:00:00'),
  },
  '32, months without a separator': {
    content: series('194901', '194902'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['not-a-datetime'],
    rows: moments('1949-01-01 00:00:00', '1949-02-01 00:00:00'),
  },
  '34, seconds since 1970': {
    content: series('1663722900', '1663723800'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['not-a-datetime'],
    rows: moments('2022-09-21 01:15:00', '2022-09-21 01:30:00'),
  },
  '36, the end of summer time': {
    content: series('2021-10-31 02:30', '2021-10-31 02:45', '2021-10-31 02:00', '2021-10-31 02:15'),
    schema: { timestamp: 'TIMESTAMP' },
    task: SERIES,
    codes: ['unordered-timestamp'],
    rows: moments('2021-10-31 00:30:00', '2021-10-31 00:45:00', '2021-10-31 01:00:00', '2021-10-31 01:15:00'),
  },
  '44, days first': {
    content: lines('a,y', '25/12/2024,p', '01/02/2024,q'),
    schema: { a: 'DATE' },
    codes: ['unreal-date'],
    rows: [
      ['p', '2024-12-25'],
      ['q', '2024-02-01'],
    ],
  },
  '44, days first between hyphens': {
    content: lines('a,y', '01-02-2024,p', '25-12-2024,q'),
    schema: { a: 'DATE' },
    codes: ['not-a-date'],
    rows: [
      ['p', '2024-02-01'],
      ['q', '2024-12-25'],
    ],
  },
  '45, names of months': {
    content: lines('a,y', '3-Jan-2024,p', '12-Feb-2024,q'),
    schema: { a: 'DATE' },
    codes: ['not-a-date'],
    rows: [
      ['p', '2024-01-03'],
      ['q', '2024-02-12'],
    ],
  },
  '45, a 12-hour clock': {
    content: lines('a,y', '1/2/2024 3:05 PM,p', '1/13/2024 12:00 AM,q'),
    schema: { a: 'DATETIME' },
    codes: ['not-a-datetime'],
    rows: [
      ['p', '2024-01-02 15:05:00'],
      ['q', '2024-01-13 00:00:00'],
    ],
  },
};

describe('the advice of findings, followed to the letter, leads to what was wanted in case', () => {
  it.each(Object.entries(CASES))('%s', (_name, wanted) => checkAdvised(desk, wanted));
});

it('the newest row first is an error that says how to sort', async () => {
  await desk.configure(series('2022-09-21', '2022-09-20'), yamlOf({ timestamp: 'TIMESTAMP' }, [], SERIES));
  expect(await desk.findings()).toMatchObject([
    { code: 'unordered-timestamp', fix: expect.stringContaining('newest') as unknown },
  ]);
});

it('a local time that does not exist is an error', async () => {
  const yaml = yamlOf({ timestamp: 'TIMESTAMP' }, ['time_zone: Europe/Berlin'], SERIES);
  await desk.configure(series('2021-03-28 01:30', '2021-03-28 02:30', '2021-03-28 03:30'), yaml);
  expect(await desk.findings()).toMatchObject([
    { code: 'unreal-date', row: 3, expected: 'a local time that exists in Europe/Berlin' },
  ]);
});
