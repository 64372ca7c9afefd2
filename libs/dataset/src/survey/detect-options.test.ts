import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { temporaryFolder } from '../manifest/reading.test-support.js';
import { surveyPath } from './survey.js';

async function survey(content: string) {
  using folder = temporaryFolder();
  const { manifests } = await surveyPath(folder.write(content, 'data.csv'), new AbortController().signal);
  const { options = [], columns } = manifests[0]!;
  return {
    options: Object.fromEntries(options.map(({ name, value }) => [name, value])),
    kinds: columns.map(({ sql }) => parseSqlType(sql).kind),
    reasons: options.map(({ reason }) => reason),
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
    ['large numbers that are no times', 'id,b\n1663723800,x\n1663722900,y\n', {}, ['integer', 'text']],
    ['usual dates', 'a,b\n2024-01-03,x\n01/02/2024,y\n', {}, ['date', 'text']],
    ['usual numbers', 'a,b\n2.155,x\n817,y\n', {}, ['float', 'text']],
    ['codes with leading zeros', 'a,b\n02139,1\n10001,2\n', {}, ['text', 'integer']],
    ['columns that contradict each other', 'a;b\n"1,5";2.25\n"2,5";3.5\n', {}, ['text', 'float']],
    ['lots and other codes', 'a,b\nLOT 5,x\nLOT 7,y\n', {}, ['text', 'text']],
  ])('%s', async (_name, content, options, kinds) => {
    expect(await survey(content)).toMatchObject({ options, kinds });
  });

  it('numbers with a reason that names the column', async () => {
    expect((await survey('share,b\n4.76%,x\n3%,y\n')).reasons).toEqual([expect.stringContaining('share')]);
  });
});
