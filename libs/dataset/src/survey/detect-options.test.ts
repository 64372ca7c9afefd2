import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { surveyPath } from './survey.js';

async function survey(content: string) {
  using folder = temporaryFolder();
  const { manifests } = await surveyPath(folder.write(content, 'data.csv'), new AbortController().signal);
  const { columns, options: all = [] } = manifests[0]!;
  // How the lines are written is tested elsewhere.
  const options = all.filter(({ name }) => name !== 'delimiter');
  return {
    options: Object.fromEntries(options.map(({ name, value }) => [name, value])),
    kinds: columns.map(({ sql }) => parseSqlType(sql).kind),
    reasons: options.map(({ reason }) => reason),
    doubts: manifests[0]!.doubts ?? [],
  };
}

describe('a survey finds the options of', () => {
  it.each<[name: string, content: string, options: object, kinds: string[]]>([
    ['codes among which is NA', 'a,b\nMZ,1\nNA,2\n', { keep_default_na: false }, ['text', 'integer']],
    [
      'codes among which is NA, with missing values elsewhere',
      'a,b\nMZ,NA\nNA,2\n',
      { keep_default_na: false, na_values: { b: ['NA'] } },
      ['text', 'integer'],
    ],
    ['German numbers', 'a;b\n2.155;19,47\n817;6,10\n', { decimal: ',', thousands: '.' }, ['integer', 'float']],
    ['French numbers', 'a;b\n2 155;19,47\n817;6,10\n', { decimal: ',', thousands: ' ' }, ['integer', 'float']],
    ['Swiss numbers', "a;b\n2'155;19.47\n817;6.10\n", { thousands: "'" }, ['integer', 'float']],
    ['a decimal comma', 'a;b\n2,5;x\n0,125;y\n', { decimal: ',' }, ['float', 'text']],
    ['thousands commas', 'a,b\n"12,340","1,234.00"\n990,55.10\n', { thousands: ',' }, ['integer', 'float']],
    ['percent', 'a,b\n4.76%,x\n3%,y\n', { percent: 'number' }, ['float', 'text']],
    ['currencies', 'a,b\n$5.50,x\n€7,y\n', { currency: ['$', '€'] }, ['float', 'text']],
    ['days first', 'a,b\n25/12/2024,x\n01/02/2024,y\n', { day_first: true }, ['date', 'text']],
    ['dashes', 'a,b\n12-25-2024,x\n01-02-2024,y\n', { day_first: false }, ['date', 'text']],
    [
      'the first of each month',
      'a,b\n01/01/2024,x\n01/02/2024,y\n01/03/2024,z\n',
      { day_first: true },
      ['date', 'text'],
    ],
    ['months', 'a,b\n1949-01,x\n1949-02,y\n', { date_format: { a: 'YYYY-MM' } }, ['date', 'text']],
    ['names of months', 'a,b\n3-Jan-2024,x\n12-Feb-2024,y\n', { date_format: { a: 'D-MMM-YYYY' } }, ['date', 'text']],
    [
      'a 12-hour clock',
      'a,b\n12/25/2024 3:05 PM,x\n1/2/2024 11:00 AM,y\n',
      { date_format: { a: 'MM/DD/YYYY hh:mm A' } },
      ['datetime', 'text'],
    ],
    [
      'seconds since 1970',
      'timestamp,b\n1663723800,x\n1663722900,y\n',
      { date_format: { timestamp: 'epoch_s' } },
      ['datetime', 'text'],
    ],
    [
      'seconds since 1970 in a column called when',
      'when,b\n1663722900,x\n1663723800,y\n',
      { date_format: { when: 'epoch_s' } },
      ['datetime', 'text'],
    ],
    ['large numbers that are no times', 'id,b\n1663723800,x\n1663722900,y\n', {}, ['integer', 'text']],
    ['usual dates', 'a,b\n2024-01-03,x\n01/02/2024,y\n', {}, ['date', 'text']],
    ['usual numbers', 'a,b\n2.155,x\n817,y\n', {}, ['float', 'text']],
    ['codes with leading zeros', 'a,b\n02139,1\n10001,2\n', {}, ['text', 'integer']],
    [
      'days first beside months first',
      'a,b\n25/12/2024,12/25/2024\n01/02/2024,02/01/2024\n',
      { date_format: { a: 'DD/MM/YYYY' } },
      ['date', 'date'],
    ],
    [
      'days first beside dates that do not decide',
      'a,b\n25/12/2024,01/02/2024\n01/02/2024,03/04/2024\n',
      { day_first: true },
      ['date', 'date'],
    ],
    [
      'months first beside dates that do not decide',
      'a,b\n12/25/2024,01/02/2024\n01/02/2024,03/04/2024\n',
      { day_first: false },
      ['date', 'date'],
    ],
    ['dates that do not decide', 'a,b\n01/02/2024,x\n03/04/2024,y\n', {}, ['date', 'text']],
    ['dates of digits', 'order_date,b\n20240131,20240131\n20240201,20240201\n', {}, ['date', 'integer']],
    ['digits that are no dates', 'date,b\n20240131,x\n20240231,y\n', {}, ['integer', 'text']],
    ['quarters', 'a,b\n2024Q1,x\n2024Q2,y\n', { date_format: { a: 'YYYYQ' } }, ['date', 'text']],
    [
      'words among numbers and dates',
      'a,b,c\n1,?,31/12/2024\n-,2.5,–\n3,n.a.,01/02/2024\n',
      { na_values: { a: ['-'], b: ['?', 'n.a.'], c: ['–'] }, day_first: true },
      ['integer', 'float', 'date'],
    ],
    ['words among texts', 'a,b\nred,yes\n?,no\nx,unknown\n', {}, ['text', 'text']],
    ['words alone', 'a,b\n-,x\n*,x\n', {}, ['text', 'text']],
    [
      'local times',
      'a,b\n2021-10-31 02:30,x\n2021-10-31 02:00,y\n',
      { time_zone: 'Europe/Berlin' },
      ['datetime', 'text'],
    ],
    [
      'local times beside times in no order',
      'a,b\n2021-10-31 02:30,2021-01-02 10:00\n2021-10-31 02:00,2021-01-01 08:00\n',
      {},
      ['datetime', 'datetime'],
    ],
    ['codes that look like exponents', 'a,b\n12E4,x\n3E10,y\n', {}, ['text', 'text']],
    ['columns of different countries', 'a;b\n"1,5";2.25\n"2,5";3.5\n', { decimal: { a: ',' } }, ['float', 'float']],
    ['lots and other codes', 'a,b\nLOT 5,x\nLOT 7,y\n', {}, ['text', 'text']],
  ])('%s', async (_name, content, options, kinds) => {
    const found = await survey(content);
    expect([found.options, found.kinds]).toEqual([options, kinds]);
  });

  it('numbers with a reason that names the column', async () => {
    expect((await survey('share,b\n4.76%,x\n3%,y\n')).reasons).toEqual([expect.stringContaining('share')]);
  });
});

describe('a survey tells what no value decides:', () => {
  it.each([
    ['day or month', 'a,b\n01/02/2024,x\n03/04/2024,y\n', '01/02 is read as 2 January, and may be 1 February'],
    ['the first of each month', 'a,b\n01/01/2024,x\n01/02/2024,y\n01/03/2024,y\n', '1 February, and may be 2 January'],
    ['a comma before three digits', 'a;b\n2,155;x\n817;y\n', '"1,500" is read as 1500, and may be 1.5'],
    [
      'columns of different countries, of which one is open',
      'a;b;c\n"1,5";2.25;"1,500"\n"2,5";3.5;"2,000"\n',
      'are written in c',
    ],
    ['years of two digits', 'a,b\n25/12/24,x\n', 'YY is 1969 to 2068'],
    ['formats of two digits', 'a,b\n05/12/24,x\n', 'DD/MM/YY, and may be MM/DD/YY'],
    ['percent signs that some numbers lack', 'a,b\n5%,x\n0.05,y\n', 'have a percent sign and some have none'],
    [
      'negative numbers in parentheses without others',
      'a,b\n"(1,234)",x\n"(2,500)",y\n',
      'a are written as (5), 5- or with a dash',
    ],
    ['grades', 'a,b\n2-,x\n3,y\n', 'a are written as (5), 5- or with a dash'],
    ['small numbers in parentheses', 'a,b\n(5),x\n3,y\n', 'Numbers of a in parentheses are read as negative'],
    ['several currencies', 'a,b\n$5,x\n€5,y\n', 'several currencies'],
    ['zones', 'a,b\n2021-11-07 01:30,x\n2021-11-07 01:00,y\n', 'America/New_York, America/Chicago'],
  ])('%s', async (_name, content, doubt) => {
    expect((await survey(content)).doubts).toContainEqual(expect.stringContaining(doubt));
  });

  it('nothing, if all is decided', async () => {
    expect((await survey('a;b;c\n25/12/2024;1,5;x\n01/02/2024;2,25;y\n')).doubts).toEqual([]);
  });
});
