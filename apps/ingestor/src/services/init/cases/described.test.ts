import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { checkDescribed, Desk, table, type DescribedCase } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

/** The cases that people reported, by their numbers, and tables of the same kind. */
const CASES: Record<string, Record<string, DescribedCase>> = {
  '06, numbers of another country': {
    'decimal comma and thousands point': {
      content: table(
        'region;cases;change;rate;y',
        'Nord;2.155;+546;19,47;a',
        'Mitte;817;+12;6,10;b',
        'Süd;1.020;-3;22,00;a',
      ),
      rows: [
        ['a', 'Nord', 2155, 546, 19.47],
        ['b', 'Mitte', 817, 12, 6.1],
        ['a', 'Süd', 1020, -3, 22],
      ],
    },
    'the same between commas': {
      content: table('cases,rate,y', '"2.155","19,47",a', '"817","6,10",b'),
      rows: [
        ['a', 2155, 19.47],
        ['b', 817, 6.1],
      ],
    },
    'no-break spaces between thousands': {
      content: table('cases;rate;y', '2\u00a0155;19,47;a', '817;6,10;b', '12\u00a0155\u00a0001;1,5;b'),
      rows: [
        ['a', 2155, 19.47],
        ['b', 817, 6.1],
        ['b', 12155001, 1.5],
      ],
    },
    'apostrophes between thousands': {
      content: table('cases;rate;y', "2'155;19.47;a", '817;6.10;b'),
      rows: [
        ['a', 2155, 19.47],
        ['b', 817, 6.1],
      ],
    },
    'thousands commas': {
      content: table('cases,rate,y', '"2,155",19.47,a', '817,6.10,b'),
      rows: [
        ['a', 2155, 19.47],
        ['b', 817, 6.1],
      ],
    },
    'three decimals beside two': {
      content: table('cases,rate,y', '2.155,19.47,a', '1.020,6.10,b'),
      rows: [
        ['a', 2.155, 19.47],
        ['b', 1.02, 6.1],
      ],
    },
    'thousands commas that may be decimal ones': {
      content: table('cases;y', '2,155;a', '817;b'),
      rows: [
        ['a', 2155],
        ['b', 817],
      ],
      doubt: 'may be 1.5',
    },
  },
  '12, codes among which is NA': {
    countries: {
      content: table('site,at,y', '1,MZ,a', '2,NA,b', '3,NC,a'),
      rows: [
        ['a', 1, 'MZ'],
        ['b', 2, 'NA'],
        ['a', 3, 'NC'],
      ],
    },
    'countries, of which some are missing': {
      content: table('at,y', 'MZ,a', 'NA,b', ',a'),
      rows: [
        ['a', 'MZ'],
        ['b', 'NA'],
        ['a', null],
      ],
    },
    continents: {
      content: table('at,y', 'EU,a', 'NA,b', 'AS,a', 'NA,b'),
      rows: [
        ['a', 'EU'],
        ['b', 'NA'],
        ['a', 'AS'],
        ['b', 'NA'],
      ],
    },
    'codes beside numbers that are missing': {
      content: table('at,n,y', 'EU,NA,a', 'NA,2,b'),
      rows: [
        ['a', 'EU', null],
        ['b', 'NA', 2],
      ],
    },
    'codes beside other words': {
      content: table('at,n,y', 'EU,null,a', 'NA,2.5,b', 'AS,?,b'),
      rows: [
        ['a', 'EU', null],
        ['b', 'NA', 2.5],
        ['b', 'AS', null],
      ],
    },
    'names, where it is missing': {
      content: table('at,y', 'Mozambique,a', 'NA,b'),
      rows: [
        ['a', 'Mozambique'],
        ['b', null],
      ],
    },
  },
  '23, numbers with signs': {
    'thousands commas and percent': {
      content: table('n,ctr,y', '"12,340",4.76%,"1,234.00"', '"8,020",3.10%,980.50', '990,1.00%,55.10'),
      rows: [
        ['1234', 12340, 4.76],
        ['980.5', 8020, 3.1],
        ['55.1', 990, 1],
      ],
      task: 'tabular_regression',
    },
    dollars: {
      content: table('n,y', '"$1,234.50",a', '-$7.25,b'),
      rows: [
        ['a', 1234.5],
        ['b', -7.25],
      ],
    },
    'euros after the number': {
      content: table('n;y', '1.234,50 €;a', '7,25 €;b'),
      rows: [
        ['a', 1234.5],
        ['b', 7.25],
      ],
    },
    'percent after a space': {
      content: table('n;y', '4,76 %;a', '3,1 %;b'),
      rows: [
        ['a', 4.76],
        ['b', 3.1],
      ],
    },
    'codes of currencies': {
      content: table('n,y', 'CHF 12.50,a', 'CHF 7,b'),
      rows: [
        ['a', 12.5],
        ['b', 7],
      ],
    },
    'two currencies': {
      content: table('n,y', '£5.50,a', '€7,b'),
      rows: [
        ['a', 5.5],
        ['b', 7],
      ],
      doubt: 'several currencies',
    },
  },
  '29, words that mean a missing value': {
    'of MySQL': {
      content: table('age\tspend\ty', '41\t9.90\ta', '\\N\t29.00\tb', '33\t\\N\ta'),
      rows: [
        ['a', 41, 9.9],
        ['b', null, 29],
        ['a', 33, null],
      ],
      file: 'data.tsv',
    },
    ...Object.fromEntries(
      ['?', '-', '.', '#VALUE!', 'missing', 'n.a.', 'NULL', '#N/A'].map((word): [string, DescribedCase] => [
        `the word ${word}`,
        {
          content: table('age,spend,y', `41,${word},a`, `${word},29.5,b`),
          rows: [
            ['a', 41, null],
            ['b', null, 29.5],
          ],
        },
      ]),
    ),
    'a word beside texts, which is a text': {
      content: table('n,t,y', '1,?,a', '?,x1,b'),
      rows: [
        ['a', 1, '?'],
        ['b', null, 'x1'],
      ],
    },
  },
};

describe.each(Object.entries(CASES))('case %s', (_number, cases) => {
  it.each(Object.entries(cases))('%s', (_name, wanted) => checkDescribed(desk, wanted));
});
