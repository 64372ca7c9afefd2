import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdvisedCase, checkAdvised, yamlOf } from './advised.test-support.js';
import { Desk, type Row } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

/** One column, its values as they are written and as the table has them, and the findings that lead there. */
function column(type: string, pairs: readonly (readonly [string, string | number])[], ...codes: string[]): AdvisedCase {
  return {
    content: lines('v,y', ...pairs.map(([written], index) => `"${written}",${index}`)),
    schema: { v: type },
    codes,
    rows: pairs.map(([, value], index): Row => [String(index), value]),
  };
}

const CASES: Record<string, Record<string, AdvisedCase>> = {
  'negative numbers': {
    'with a minus sign of typography need nothing': column('FLOAT', [
      ['−5', -5],
      ['1e−1', 0.1],
    ]),
    'in parentheses': column(
      'INT',
      [
        ['(5)', -5],
        ['3', 3],
      ],
      'not-an-integer',
    ),
    'in parentheses, with thousands and dollars': column(
      'FLOAT',
      [
        ['($1,234.50)', -1234.5],
        ['$3.25', 3.25],
      ],
      'not-a-number',
    ),
    'with the sign last and a decimal comma': column(
      'FLOAT',
      [
        ['1.234,50-', -1234.5],
        ['3,25', 3.25],
      ],
      'not-a-number',
    ),
    'with a dash': column(
      'FLOAT',
      [
        ['–5.5', -5.5],
        ['3', 3],
      ],
      'not-a-number',
    ),
    'of two columns, each with its own signs': {
      content: lines('a,b,y', '(5),7-,p', '3,12,q'),
      schema: { a: 'INT', b: 'INT' },
      codes: ['not-an-integer', 'not-an-integer'],
      rows: [
        ['p', -5, -7],
        ['q', 3, 12],
      ],
    },
    'of a target': {
      content: lines('a,y', '1,(5.5)', '2,"1,234.5"'),
      schema: { a: 'INT' },
      task: 'tabular_regression',
      codes: ['not-a-number', 'not-a-number'],
      rows: [
        ['-5.5', 1],
        ['1234.5', 2],
      ],
    },
  },
  units: {
    'after a space': column(
      'FLOAT',
      [
        ['12 kg', 12],
        ['7.5 kg', 7.5],
      ],
      'not-a-number',
    ),
    'after a decimal comma': column(
      'FLOAT',
      [
        ['12,25 km/h', 12.25],
        ['7', 7],
      ],
      'not-a-number',
    ),
    'of degrees': column(
      'INT',
      [
        ['−5 °C', -5],
        ['12°C', 12],
      ],
      'not-an-integer',
    ),
    'of two columns': {
      content: lines('a,b,y', '12 kg,180cm,p', '7 kg,175cm,q'),
      schema: { a: 'INT', b: 'INT' },
      codes: ['not-an-integer', 'not-an-integer'],
      rows: [
        ['p', 12, 180],
        ['q', 7, 175],
      ],
    },
    'of a target': {
      content: lines('a,y', '1,5.5 kg', '2,7 kg'),
      schema: { a: 'INT' },
      task: 'tabular_regression',
      codes: ['not-a-number'],
      rows: [
        ['5.5', 1],
        ['7', 2],
      ],
    },
  },
  'columns of different countries': {
    'a comma and a point': {
      content: lines('a;b;y', '19,47;1.25;p', '6,10;3.75;q'),
      schema: { a: 'FLOAT', b: 'FLOAT' },
      options: ['delimiter: ";"'],
      codes: ['not-a-number', 'not-a-number'],
      rows: [
        ['p', 19.47, 1.25],
        ['q', 6.1, 3.75],
      ],
    },
    'with thousands': {
      content: lines('a;b;y', '1.019,47;1,001.25;p', '6,10;3.75;q'),
      schema: { a: 'FLOAT', b: 'FLOAT' },
      options: ['delimiter: ";"'],
      codes: ['not-a-number', 'not-a-number'],
      rows: [
        ['p', 1019.47, 1001.25],
        ['q', 6.1, 3.75],
      ],
    },
    'of which three are alike': {
      content: lines('a;b;c;d;y', '1,5;2,5;3.25;4.5;p', '1,25;2,75;3,5;4.25;q'.replace('3,5', '3.5')),
      schema: { a: 'FLOAT', b: 'FLOAT', c: 'FLOAT', d: 'FLOAT' },
      options: ['delimiter: ";"'],
      codes: ['not-a-number', 'not-a-number', 'not-a-number'],
      rows: [
        ['p', 1.5, 2.5, 3.25, 4.5],
        ['q', 1.25, 2.75, 3.5, 4.25],
      ],
    },
    'of which one was declared': {
      content: lines('a;b;y', '19,47;1.25;p', '6,10;3.75;q'),
      schema: { a: 'FLOAT', b: 'FLOAT' },
      options: ['delimiter: ";"', 'decimal: { b: "." }'],
      codes: ['not-a-number'],
      rows: [
        ['p', 19.47, 1.25],
        ['q', 6.1, 3.75],
      ],
    },
    'of which one is a fraction, beside a comma that was declared': {
      content: lines('a;b;y', '19,47;2.155;p', '6,10;1.020;q'),
      schema: { a: 'FLOAT', b: 'FLOAT' },
      options: ['delimiter: ";"', 'decimal: { a: "," }'],
      codes: ['ambiguous-number'],
      choice: 1,
      rows: [
        ['p', 19.47, 2.155],
        ['q', 6.1, 1.02],
      ],
    },
    'of which one is in doubt': {
      content: lines('a;b;y', '19,47;2.155;p', '6,10;817;q'),
      schema: { a: 'FLOAT', b: 'FLOAT' },
      options: ['delimiter: ";"', 'decimal: { a: "," }'],
      codes: ['ambiguous-number'],
      rows: [
        ['p', 19.47, 2155],
        ['q', 6.1, 817],
      ],
    },
  },
  'days of spreadsheets': {
    whole: column(
      'DATE',
      [
        ['45292', '2024-01-01'],
        ['36526', '2000-01-01'],
      ],
      'not-a-date',
    ),
    'with times': column(
      'DATETIME',
      [
        ['45292.5', '2024-01-01 12:00:00'],
        ['36526', '2000-01-01 00:00:00'],
      ],
      'not-a-datetime',
    ),
    'of the Mac': {
      ...column('DATE', [
        ['43830', '2024-01-01'],
        ['35064', '2000-01-01'],
      ]),
      options: ['date_format: excel_1904'],
    },
  },
  'weeks and quarters': {
    weeks: column(
      'DATE',
      [
        ['2024-W03', '2024-01-15'],
        ['2020-W53', '2020-12-28'],
      ],
      'not-a-date',
    ),
    'days of weeks': column(
      'DATE',
      [
        ['2024-W03-2', '2024-01-16'],
        ['2024-W03-7', '2024-01-21'],
      ],
      'not-a-date',
    ),
    'weeks without a hyphen': column(
      'DATETIME',
      [
        ['2024W03', '2024-01-15 00:00:00'],
        ['2024W10', '2024-03-04 00:00:00'],
      ],
      'not-a-datetime',
    ),
    quarters: column(
      'DATE',
      [
        ['2024-Q1', '2024-01-01'],
        ['2024-Q4', '2024-10-01'],
      ],
      'not-a-date',
    ),
    'quarters before years': column(
      'DATE',
      [
        ['Q1 2024', '2024-01-01'],
        ['Q3 2024', '2024-07-01'],
      ],
      'not-a-date',
    ),
  },
  'names of months': {
    German: column(
      'DATE',
      [
        ['3. März 2024', '2024-03-03'],
        ['12. Mai 2024', '2024-05-12'],
      ],
      'not-a-date',
    ),
    'French, of which the first is German too': column(
      'DATE',
      [
        ['3 mai 2024', '2024-05-03'],
        ['4 juin 2024', '2024-06-04'],
      ],
      'not-a-date',
      'not-a-date',
    ),
    'Spanish, of which the first is English too': column(
      'DATE',
      [
        ['3-mar-2024', '2024-03-03'],
        ['4-ene-2024', '2024-01-04'],
      ],
      'not-a-date',
      'not-a-date',
    ),
    Italian: column(
      'DATETIME',
      [
        ['3 gennaio 2024 08:30', '2024-01-03 08:30:00'],
        ['4 mag 2024', '2024-05-04 00:00:00'],
      ],
      'not-a-datetime',
    ),
    Portuguese: column(
      'DATE',
      [
        ['3 de fevereiro de 2024', '2024-02-03'],
        ['4 de out de 2024', '2024-10-04'],
      ],
      'not-a-date',
    ),
    Dutch: column(
      'DATE',
      [
        ['3 mrt. 2024', '2024-03-03'],
        ['4 mei 2024', '2024-05-04'],
      ],
      'not-a-date',
    ),
    'of two columns in two languages': {
      content: lines('a,b,y', '3 März 2024,3 ene 2024,p', '4 Mai 2024,4 dic 2024,q'),
      schema: { a: 'DATE', b: 'DATE' },
      codes: ['not-a-date', 'not-a-date'],
      rows: [
        ['p', '2024-03-03', '2024-01-03'],
        ['q', '2024-05-04', '2024-12-04'],
      ],
    },
  },
};

describe.each(Object.entries(CASES))('the advice about %s leads to what was wanted', (_kind, cases) => {
  it.each(Object.entries(cases))('%s', (_name, wanted) => checkAdvised(desk, wanted));
});

it('a value with another unit is to be converted', async () => {
  await desk.configure(lines('v,y', '12 kg,a', '500 g,b'), yamlOf({ v: 'INT' }, ['units: { v: kg }']));
  expect(await desk.findings()).toMatchObject([
    { code: 'not-an-integer', row: 3, fix: expect.stringContaining('have the unit kg. Convert') as unknown },
  ]);
});
