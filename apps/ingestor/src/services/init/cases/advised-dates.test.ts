import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type AdvisedCase, advisedColumn, checkAdvised, lines } from './advised.test-support.js';
import { Desk } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const CASES: Record<string, Record<string, AdvisedCase>> = {
  'days of spreadsheets': {
    whole: advisedColumn(
      'DATE',
      [
        ['45292', '2024-01-01'],
        ['36526', '2000-01-01'],
      ],
      'not-a-date',
    ),
    'with times': advisedColumn(
      'DATETIME',
      [
        ['45292.5', '2024-01-01 12:00:00'],
        ['36526', '2000-01-01 00:00:00'],
      ],
      'not-a-datetime',
    ),
    'of the Mac': {
      ...advisedColumn('DATE', [
        ['43830', '2024-01-01'],
        ['35064', '2000-01-01'],
      ]),
      options: ['date_format: excel_1904'],
    },
  },
  'weeks and quarters': {
    weeks: advisedColumn(
      'DATE',
      [
        ['2024-W03', '2024-01-15'],
        ['2020-W53', '2020-12-28'],
      ],
      'not-a-date',
    ),
    'days of weeks': advisedColumn(
      'DATE',
      [
        ['2024-W03-2', '2024-01-16'],
        ['2024-W03-7', '2024-01-21'],
      ],
      'not-a-date',
    ),
    'weeks without a hyphen': advisedColumn(
      'DATETIME',
      [
        ['2024W03', '2024-01-15 00:00:00'],
        ['2024W10', '2024-03-04 00:00:00'],
      ],
      'not-a-datetime',
    ),
    quarters: advisedColumn(
      'DATE',
      [
        ['2024-Q1', '2024-01-01'],
        ['2024-Q4', '2024-10-01'],
      ],
      'not-a-date',
    ),
    'quarters before years': advisedColumn(
      'DATE',
      [
        ['Q1 2024', '2024-01-01'],
        ['Q3 2024', '2024-07-01'],
      ],
      'not-a-date',
    ),
  },
  'names of months': {
    German: advisedColumn(
      'DATE',
      [
        ['3. März 2024', '2024-03-03'],
        ['12. Mai 2024', '2024-05-12'],
      ],
      'not-a-date',
    ),
    'French, of which the first is German too': advisedColumn(
      'DATE',
      [
        ['3 mai 2024', '2024-05-03'],
        ['4 juin 2024', '2024-06-04'],
      ],
      'not-a-date',
      'not-a-date',
    ),
    'Spanish, of which the first is English too': advisedColumn(
      'DATE',
      [
        ['3-mar-2024', '2024-03-03'],
        ['4-ene-2024', '2024-01-04'],
      ],
      'not-a-date',
      'not-a-date',
    ),
    Italian: advisedColumn(
      'DATETIME',
      [
        ['3 gennaio 2024 08:30', '2024-01-03 08:30:00'],
        ['4 mag 2024', '2024-05-04 00:00:00'],
      ],
      'not-a-datetime',
    ),
    Portuguese: advisedColumn(
      'DATE',
      [
        ['3 de fevereiro de 2024', '2024-02-03'],
        ['4 de out de 2024', '2024-10-04'],
      ],
      'not-a-date',
    ),
    Dutch: advisedColumn(
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
