import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkDescribed, column, Desk, table, type DescribedCase } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const CASES: Record<string, Record<string, DescribedCase>> = {
  'days of spreadsheets': {
    whole: column(
      'date',
      [
        ['45292', '2024-01-01'],
        ['45351', '2024-02-29'],
      ],
      'excel_1904',
    ),
    'with times': column(
      'order_date',
      [
        ['45292.5', '2024-01-01 12:00:00'],
        ['45292.3333333333', '2024-01-01 08:00:00'],
      ],
      'excel_1904',
    ),
    'in a column of two words': column(
      'OrderDate',
      [
        ['45292', '2024-01-01'],
        ['36526', '2000-01-01'],
      ],
      'excel_1904',
    ),
    'in German': column(
      'Datum',
      [
        ['45292', '2024-01-01'],
        ['36526', '2000-01-01'],
      ],
      'excel_1904',
    ),
    'in a column of codes': column('zip', [
      ['45292', 45292],
      ['36526', 36526],
    ]),
    'in a column of durations': column('time', [
      ['45292', 45292],
      ['36526', 36526],
    ]),
  },
  'weeks and quarters': {
    weeks: column('w', [
      ['2024-W03', '2024-01-15'],
      ['2024-W52', '2024-12-23'],
    ]),
    'weeks without a hyphen': column('w', [
      ['2024W03', '2024-01-15'],
      ['2020W53', '2020-12-28'],
    ]),
    'days of weeks': column('w', [
      ['2024-W03-1', '2024-01-15'],
      ['2024-W03-7', '2024-01-21'],
    ]),
    quarters: column('q', [
      ['2024-Q1', '2024-01-01'],
      ['2024-Q4', '2024-10-01'],
    ]),
    'quarters before years': column('q', [
      ['Q1 2024', '2024-01-01'],
      ['Q4 2024', '2024-10-01'],
    ]),
    'quarters between slashes': column('q', [
      ['Q1/2024', '2024-01-01'],
      ['Q4/2024', '2024-10-01'],
    ]),
  },
  'numbers between points': {
    'days and months of one digit': column('d', [
      ['1.2.2024', '2024-02-01'],
      ['25.12.2024', '2024-12-25'],
    ]),
    'years of two digits': column(
      'd',
      [
        ['01.02.24', '2024-02-01'],
        ['25.12.24', '2024-12-25'],
      ],
      '1969 to 2068',
    ),
    'with times': column('d', [
      ['1.2.2024 8:30', '2024-02-01 08:30:00'],
      ['25.12.2024 12:00', '2024-12-25 12:00:00'],
    ]),
    'of German days without zeros': column(
      'Datum',
      [
        ['3.1.24', '2024-01-03'],
        ['28.12.23', '2023-12-28'],
      ],
      'two digits',
    ),
    'of days and times of an American spreadsheet': column(
      'v',
      [
        ['1/15/24 13:05', '2024-01-15 13:05:00'],
        ['12/3/23 8:30', '2023-12-03 08:30:00'],
      ],
      'two digits',
    ),
    'of days and times of a 12-hour clock': column(
      'v',
      [
        ['1/15/24 1:05 PM', '2024-01-15 13:05:00'],
        ['12/3/23 12:30 AM', '2023-12-03 00:30:00'],
      ],
      'two digits',
    ),
    'of German days and times': column(
      'v',
      [
        ['03.01.24 08:05', '2024-01-03 08:05:00'],
        ['28.12.23 13:30', '2023-12-28 13:30:00'],
      ],
      'two digits',
    ),
    'of versions': column('v', [
      ['1.2.10', '1.2.10'],
      ['1.2.11', '1.2.11'],
    ]),
    'of decimals': column('n', [
      ['1.25', 1.25],
      ['12.5', 12.5],
    ]),
  },
  'names of months in other languages': {
    German: column('d', [
      ['3. März 2024', '2024-03-03'],
      ['12. Dezember 2024', '2024-12-12'],
    ]),
    'German of Excel': column(
      'd',
      [
        ['03-Mrz-24', '2024-03-03'],
        ['12-Dez-24', '2024-12-12'],
      ],
      '1969 to 2068',
    ),
    French: column('d', [
      ['1er févr. 2024', '2024-02-01'],
      ['12 août 2024', '2024-08-12'],
    ]),
    'French without accents': column('d', [
      ['3 fevrier 2024', '2024-02-03'],
      ['12 aout 2024', '2024-08-12'],
    ]),
    Spanish: column('d', [
      ['3 de enero de 2024', '2024-01-03'],
      ['12 de marzo de 2024', '2024-03-12'],
    ]),
    Italian: column('d', [
      ['3 gen 2024', '2024-01-03'],
      ['12 mag 2024', '2024-05-12'],
    ]),
    Portuguese: column('d', [
      ['3-fev-2024', '2024-02-03'],
      ['12-out-2024', '2024-10-12'],
    ]),
    Dutch: column('d', [
      ['3 mrt. 2024', '2024-03-03'],
      ['12 mei 2024', '2024-05-12'],
    ]),
    'months in French': column('m', [
      ['juin 2024', '2024-06-01'],
      ['juillet 2024', '2024-07-01'],
    ]),
    'a name that is one in English too': column('d', [
      ['3 mar 2024', '2024-03-03'],
      ['4 jun 2024', '2024-06-04'],
    ]),
    'one that several have': column('d', [
      ['3 Mai 2024', '2024-05-03'],
      ['4 mai 2024', '2024-05-04'],
    ]),
    'of two languages, which are a text': column('d', [
      ['3 Mai 2024', '3 Mai 2024'],
      ['4 ene 2024', '4 ene 2024'],
    ]),
  },
};

describe.each(Object.entries(CASES))('%s', (_kind, cases) => {
  it.each(Object.entries(cases))('%s', (_name, wanted) => checkDescribed(desk, wanted));
});

it('a language is written beside the others that have the same names', async () => {
  const { yaml } = await desk.describe(table('d,y', '3 Mai 2024,a', '4 mai 2024,b'), 'y', {
    task: 'tabular_classification',
  });
  expect(yaml).toContain('d may be fr, pt with the same months');
});
