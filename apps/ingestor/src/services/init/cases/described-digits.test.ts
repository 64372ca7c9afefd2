import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { checkDescribed, Desk, table, type DescribedCase } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

/** The cases that people reported, by their numbers, and tables of the same kind. */
const CASES: Record<string, Record<string, DescribedCase>> = {
  '25, codes of digits': {
    'zip codes': {
      content: table('zip,branch,n,y', '02139,007,20,a', '10001,101,30,b'),
      rows: [
        ['a', '02139', '007', 20],
        ['b', '10001', '101', 30],
      ],
    },
    'a leading zero in the last row': {
      content: table('zip,y', '10001,a', '20002,b', '02139,a'),
      rows: [
        ['a', '10001'],
        ['b', '20002'],
        ['a', '02139'],
      ],
    },
    'phone numbers': {
      content: table('tel,y', '+4930123456,a', '+4940654321,b'),
      rows: [
        ['a', '+4930123456'],
        ['b', '+4940654321'],
      ],
    },
    'numbers of forty digits': {
      content: table('n,y', `${'1'.repeat(40)},a`, `${'2'.repeat(40)},b`),
      rows: [
        ['a', '1'.repeat(40)],
        ['b', '2'.repeat(40)],
      ],
    },
    'codes that look like exponents': {
      content: table('n,y', '12E4,a', '3E10,b'),
      rows: [
        ['a', '12E4'],
        ['b', '3E10'],
      ],
    },
    'zip codes with a hyphen': {
      content: table('zip,y', '02139-1234,a', '10001-0001,b'),
      rows: [
        ['a', '02139-1234'],
        ['b', '10001-0001'],
      ],
    },
  },
  '40, whole numbers': {
    plain: {
      content: table('time,age,y', '306,74,1', '455,68,2'),
      rows: [
        ['1', 306, 74],
        ['2', 455, 68],
      ],
    },
    'with a point': {
      content: table('time,age,y', '306.0,74,1', '455.0,68,2'),
      rows: [
        ['1', 306, 74],
        ['2', 455, 68],
      ],
    },
    'with spaces': {
      content: table('time,age,y', ' 306 ,74,1', ' 455,68,2'),
      rows: [
        ['1', 306, 74],
        ['2', 455, 68],
      ],
    },
    'with a plus sign': {
      content: table('time,y', '+306,1', '-5,2'),
      rows: [
        ['1', 306],
        ['2', -5],
      ],
    },
    'with an exponent': {
      content: table('time,y', '3.06e2,1', '4e0,2'),
      rows: [
        ['1', 306],
        ['2', 4],
      ],
    },
    'of two words': {
      content: table('ok,y', '1.0,a', '0.0,b'),
      rows: [
        ['a', 1],
        ['b', 0],
      ],
    },
  },
};

describe.each(Object.entries(CASES))('case %s', (_number, cases) => {
  it.each(Object.entries(cases))('%s', (_name, wanted) => checkDescribed(desk, wanted));
});
