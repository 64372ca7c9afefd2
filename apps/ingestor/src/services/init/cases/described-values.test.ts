import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkDescribed, Desk, table, type DescribedCase } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

/** The values of one column, as they are written and as the table has them. */
const column = (
  name: string,
  pairs: readonly (readonly [string, string | number])[],
  doubt?: string,
): DescribedCase => ({
  content: table(`${name};y`, ...pairs.map(([written], index) => `"${written}";${index % 2 === 0 ? 'a' : 'b'}`)),
  rows: pairs.map(([, value], index) => [index % 2 === 0 ? 'a' : 'b', value]),
  ...(doubt !== undefined && { doubt }),
});

const CASES: Record<string, Record<string, DescribedCase>> = {
  'minus signs of typography': {
    'in whole numbers': column('n', [
      ['−5', -5],
      ['3', 3],
      ['−12', -12],
    ]),
    'in decimals': column('n', [
      ['−5.25', -5.25],
      ['3.5', 3.5],
    ]),
    'in exponents': column('n', [
      ['1.5e−3', 0.0015],
      ['−2e3', -2000],
    ]),
    'beside a decimal comma and thousands': column('n', [
      ['−1.234,5', -1234.5],
      ['3,25', 3.25],
    ]),
    'beside a currency': column('n', [
      ['−€5.25', -5.25],
      ['€3', 3],
    ]),
    'between narrow spaces': column('n', [
      ['−1\u202f234,5', -1234.5],
      ['3,25', 3.25],
    ]),
  },
  'negative numbers of accountants': {
    'in parentheses, with thousands': column('n', [
      ['(1,234.50)', -1234.5],
      ['980.25', 980.25],
    ]),
    'in parentheses, in dollars': column('n', [
      ['($5.25)', -5.25],
      ['$3.50', 3.5],
      ['$(1.25)', -1.25],
    ]),
    'in parentheses, with a decimal comma': column('n', [
      ['(19,47)', -19.47],
      ['6,10', 6.1],
    ]),
    'in parentheses, in percent': column('n', [
      ['(4.5%)', -4.5],
      ['3.2%', 3.2],
      ['(1.1)%', -1.1],
    ]),
    'in parentheses, whole': column(
      'n',
      [
        ['(5)', -5],
        ['12', 12],
      ],
      'in parentheses are read as negative',
    ),
    'with the sign last': column('n', [
      ['1234.50-', -1234.5],
      ['12.25', 12.25],
    ]),
    'with the sign last, of SAP': column('n', [
      ['1.234,50-', -1234.5],
      ['12,25', 12.25],
    ]),
    'with a dash': column('n', [
      ['–5', -5],
      ['12', 12],
      ['– 7', -7],
    ]),
  },
  'grades, which are no negative numbers': {
    'of schools': column(
      'n',
      [
        ['2-', '2-'],
        ['3', '3'],
      ],
      'no value decides whether they are negative',
    ),
    'in parentheses alone': column(
      'n',
      [
        ['(1)', '(1)'],
        ['(2)', '(2)'],
      ],
      'no value decides whether they are negative',
    ),
    'prices without cents': column('n', [
      ['5.-', '5.-'],
      ['12.-', '12.-'],
    ]),
    ranges: column('n', [
      ['12', '12'],
      ['5–6', '5–6'],
    ]),
    'with plus signs': column('n', [
      ['2-', '2-'],
      ['2+', '2+'],
    ]),
  },
  'numbers with a unit': {
    'after a space': column('weight', [
      ['12 kg', 12],
      ['7.5 kg', 7.5],
    ]),
    'without a space': column('height', [
      ['180cm', 180],
      ['175cm', 175],
    ]),
    'with a decimal comma and thousands': column('weight', [
      ['1.234,5 kg', 1234.5],
      ['7,5 kg', 7.5],
    ]),
    'of a temperature, with a minus sign': column('temp', [
      ['−5 °C', -5],
      ['12 °C', 12],
      ['0', 0],
    ]),
    'of two units': column('speed', [
      ['50 km/h', 50],
      ['120 km/h', 120],
    ]),
    'of an area': column('area', [
      ['50 m²', 50],
      ['120 m²', 120],
    ]),
    'in parentheses': column('change', [
      ['(5.5 kg)', -5.5],
      ['12 kg', 12],
    ]),
  },
  'texts after numbers, which are no units': {
    'of two sizes': column('weight', [
      ['12 kg', '12 kg'],
      ['500 g', '500 g'],
    ]),
    'of some house numbers': column('house', [
      ['12', '12'],
      ['13 a', '13 a'],
    ]),
    'of ordinal numbers': column('rank', [
      ['4th', '4th'],
      ['5th', '5th'],
    ]),
    'of millions': column('n', [
      ['5M', '5M'],
      ['12M', '12M'],
    ]),
    'of days without a year': column('d', [
      ['3 Jan', '3 Jan'],
      ['4 Jan', '4 Jan'],
    ]),
    'of directions': column('lon', [
      ['12.5 W', '12.5 W'],
      ['13.5 W', '13.5 W'],
    ]),
    'of hours': column('t', [
      ['5 pm', '5 pm'],
      ['7 pm', '7 pm'],
    ]),
    'of quarters': column('q', [
      ['1st Q2', '1st Q2'],
      ['2nd Q2', '2nd Q2'],
    ]),
  },
  'columns of different countries': {
    'a comma and a point': {
      content: table('rate;price;y', '19,47;1.25;a', '6,10;3.75;b'),
      rows: [
        ['a', 19.47, 1.25],
        ['b', 6.1, 3.75],
      ],
    },
    'with thousands in both': {
      content: table('rate;price;y', '1.019,47;1,001.25;a', '6,10;3.75;b'),
      rows: [
        ['a', 1019.47, 1001.25],
        ['b', 6.1, 3.75],
      ],
    },
    'apostrophes and spaces': {
      content: table('rate;price;y', "1'019.47;1 001,25;a", '6.10;3,75;b'),
      rows: [
        ['a', 1019.47, 1001.25],
        ['b', 6.1, 3.75],
      ],
    },
    'with whole numbers': {
      content: table('n;rate;price;y', '7;19,47;1.25;a', '8;6,10;3.75;b'),
      rows: [
        ['a', 7, 19.47, 1.25],
        ['b', 8, 6.1, 3.75],
      ],
    },
    'with signs': {
      content: table('rate;price;y', '(19,47) €;4.5%;a', '6,10 €;3.75%;b'),
      rows: [
        ['a', -19.47, 4.5],
        ['b', 6.1, 3.75],
      ],
    },
    'of which one is open': {
      content: table('n;rate;price;y', '2.155;19,47;1.25;a', '8;6,10;3.75;b'),
      rows: [
        ['a', 2.155, 19.47, 1.25],
        ['b', 8, 6.1, 3.75],
      ],
      doubt: 'are written in n: "1.500" is read as 1.5, and may be 1500',
    },
  },
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
