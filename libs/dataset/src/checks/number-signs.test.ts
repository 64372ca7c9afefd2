import { describe, expect, it } from '@jest/globals';
import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';
import { compileFormattedCheck } from './cell.js';
import { fixOf } from './fix.js';
import { compileLabel } from './label.js';

function outcome(format: ValueFormat, type: string, text: string): string {
  const result = compileFormattedCheck(parseSqlType(type), format)(text);
  return typeof result === 'string' ? result : `<${result.code}>`;
}

const BAD = '<not-a-number>';

describe.each<[name: string, format: ValueFormat, type: string, cases: Record<string, string>]>([
  ['nothing, in a DOUBLE', {}, 'DOUBLE', { '−5': '-5', '−1.5e−3': '-0.0015', '–5': BAD, '(5)': BAD, '5-': BAD }],
  ['nothing, in an INT', {}, 'INT', { '−5': '-5', '−0': '0', '5−': '<not-an-integer>', '−−5': '<not-an-integer>' }],
  ['nothing, in a DECIMAL', {}, 'DECIMAL(6,2)', { '−5.25': '-5.25', ' −5.5 ': '-5.5', '−': BAD }],
  [
    'negative: parentheses',
    { negative: 'parentheses', thousands: ',', currency: ['$'], percent: 'number' },
    'DOUBLE',
    {
      ...{ '(5)': '-5', '( 5.5 )': '-5.5', '(1,234.50)': '-1234.5', '($5)': '-5', '$(5)': '-5' },
      ...{ '(5%)': '-5', '(5)%': '-5', '5': '5', '-5': '-5', '(-5)': BAD, '-(5)': BAD, '1(5)': BAD, '(5)1': BAD },
      ...{ '((5))': BAD, '()': BAD, '(5': BAD, '5)': BAD, '5-': BAD, '(x)': BAD },
    },
  ],
  [
    'negative: trailing',
    { negative: 'trailing', decimal: ',', thousands: '.', currency: ['€'] },
    'DOUBLE',
    {
      ...{ '5-': '-5', '5 -': '-5', '1.234,50-': '-1234.5', '5−': '-5', '5 €-': '-5', '5- €': '-5', '5': '5' },
      ...{ '-5': '-5', '-5-': BAD, '5.-': BAD, '5,-': BAD, '5--': BAD, '5-3': BAD, '-': BAD, '1e-5': '0.00001' },
    },
  ],
  [
    'negative: dash',
    { negative: 'dash' },
    'DOUBLE',
    { '–5': '-5', '— 5.5': '-5.5', '‐5': '-5', '–-5': BAD, '5–6': BAD },
  ],
  [
    'a unit',
    { unit: 'kg', decimal: ',', thousands: '.' },
    'DOUBLE',
    {
      '12 kg': '12',
      '12kg': '12',
      '1.234,5 kg': '1234.5',
      '12': '12',
      '−5 kg': '-5',
      '12 g': BAD,
      '12 KG': BAD,
      kg: BAD,
    },
  ],
  ['a unit of signs', { unit: 'm³/h' }, 'INT', { '12 m³/h': '12', '12 m3/h': '<not-an-integer>' }],
])('with %s', (_name, format, type, cases) => {
  it.each(Object.entries(cases))('%j is %s', (text, wanted) => {
    const got = outcome(format, type, text);
    expect(Number(got) || got).toBe(Number(wanted) || wanted);
  });
});

const FORMATS: readonly ValueFormat[] = [
  { negative: 'parentheses' },
  { negative: 'trailing' },
  { negative: 'dash' },
  { unit: 'kg' },
  { percent: 'number' },
];

it.each(FORMATS)('%j does not change what usual numbers are', (format) => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(outcome(format, 'DOUBLE', String(number))).toBe(outcome({}, 'DOUBLE', String(number)));
    }),
  );
});

it.each<[ValueFormat, (size: string) => string]>([
  [{}, (size) => `−${size}`],
  [{ negative: 'parentheses' }, (size) => `(${size})`],
  [{ negative: 'trailing' }, (size) => `${size}-`],
  [{ negative: 'dash' }, (size) => `–${size}`],
  [{ negative: 'parentheses', unit: 'kg' }, (size) => `(${size} kg)`],
])('%j reads any negative number that is written so', (format, write) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const size = `${whole}.${String(cents).padStart(2, '0')}`;
      expect(Number(outcome(format, 'DOUBLE', write(size)))).toBe(-Number(size));
    }),
  );
});

it('takes time in proportion to the length of a text', () => {
  const before = process.cpuUsage();
  for (const negative of ['parentheses', 'trailing', 'dash'] as const) {
    for (const text of ['5 '.repeat(190), '('.repeat(390), `–${'–5'.repeat(190)}`, '5-'.repeat(195)]) {
      for (let round = 0; round < 100; round++) outcome({ negative, unit: 'kg' }, 'DOUBLE', text);
    }
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
});

it('a label with a minus sign of typography is the class of the usual one', () => {
  const check = compileLabel(parseSqlType('FLOAT'), {});
  expect([check('−5'), check('-5.0')]).toEqual(['-5', '-5']);
});

describe('the fix of a number', () => {
  const own = (...others: [string, ValueFormat][]) => ({ name: 'a', others });

  it.each<[text: string, format: ValueFormat, others: [string, ValueFormat][], wanted: string]>([
    ['(5)', {}, [], '`negative: { "a": "parentheses" }`'],
    ['(1.234,5)', {}, [], '`decimal: ","` with `thousands: "."` with `negative: { "a": "parentheses" }`'],
    ['5-', {}, [['b', { negative: 'dash' }]], '`negative: { "b": "dash", "a": "trailing" }`'],
    ['12 kg', {}, [], '`units: { "a": "kg" }` if all numbers of the column are in kg'],
    ['12,5 kg', {}, [['b', { unit: 'cm' }]], '`decimal: ","` with `units: { "b": "cm", "a": "kg" }`'],
    ['1.25', { decimal: ',' }, [['b', { decimal: ',' }]], '`decimal: { "*": ",", "a": "." }`'],
    ['1.25', { decimal: ',' }, [], '`decimal: "."`'],
    [
      '1,25',
      {},
      [
        ['b', { decimal: '.' }],
        ['c', {}],
      ],
      '`decimal: { "b": ".", "a": "," }`',
    ],
    ["1'000", { thousands: ',' }, [['b', { thousands: ',' }]], '`thousands: { "*": ",", "a": "\'" }`'],
    ['12 g', { unit: 'kg' }, [], 'have the unit kg. Convert the value'],
  ])('%j with %j names the option for its column', (text, format, others, wanted) => {
    expect(fixOf(text, parseSqlType('DOUBLE'), format, own(...others))).toContain(wanted);
  });

  it.each(['12.5 W', '4th', '5 pm', '3 Jan', '5M', '5.-', '1-2', '(a)', '5–6', '2024Q2'])(
    'in %j names no option',
    (text) => {
      expect(fixOf(text, parseSqlType('DOUBLE'), {}, own())).toBeUndefined();
    },
  );
});
