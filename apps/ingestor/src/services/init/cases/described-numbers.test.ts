import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { checkDescribed, column, Desk, table, type DescribedCase } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

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
    'ranges in the first row': column('n', [
      ['5–6', '5–6'],
      ['12', '12'],
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
};

describe.each(Object.entries(CASES))('%s', (_kind, cases) => {
  it.each(Object.entries(cases))('%s', (_name, wanted) => checkDescribed(desk, wanted));
});
