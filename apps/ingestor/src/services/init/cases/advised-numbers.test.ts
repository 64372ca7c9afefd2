import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdvisedCase, advisedColumn, checkAdvised, lines, yamlOf } from './advised.test-support.js';
import { Desk } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const CASES: Record<string, Record<string, AdvisedCase>> = {
  'negative numbers': {
    'with a minus sign of typography need nothing': advisedColumn('FLOAT', [
      ['−5', -5],
      ['1e−1', 0.1],
    ]),
    'in parentheses': advisedColumn(
      'INT',
      [
        ['(5)', -5],
        ['3', 3],
      ],
      'not-an-integer',
    ),
    'in parentheses, with thousands and dollars': advisedColumn(
      'FLOAT',
      [
        ['($1,234.50)', -1234.5],
        ['$3.25', 3.25],
      ],
      'not-a-number',
    ),
    'with the sign last and a decimal comma': advisedColumn(
      'FLOAT',
      [
        ['1.234,50-', -1234.5],
        ['3,25', 3.25],
      ],
      'not-a-number',
    ),
    'with a dash': advisedColumn(
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
    'after a space': advisedColumn(
      'FLOAT',
      [
        ['12 kg', 12],
        ['7.5 kg', 7.5],
      ],
      'not-a-number',
    ),
    'after a decimal comma': advisedColumn(
      'FLOAT',
      [
        ['12,25 km/h', 12.25],
        ['7', 7],
      ],
      'not-a-number',
    ),
    'of degrees': advisedColumn(
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
