import { describe, expect, it } from '@jest/globals';
import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';
import { compileFormattedCheck } from './cell.js';
import { fixOf } from './fix.js';

function outcome(format: ValueFormat, type: string, text: string): string {
  const result = compileFormattedCheck(parseSqlType(type), format)(text);
  return typeof result === 'string' ? result : `<${result.code}>`;
}

const GERMAN: ValueFormat = { decimal: ',', thousands: '.' };

describe.each<[name: string, format: ValueFormat, type: string, cases: Record<string, string>]>([
  [
    'a decimal comma and thousands points',
    GERMAN,
    'DOUBLE',
    {
      '2.155': '2155',
      '19,47': '19.47',
      '-1.234.567,5': '-1234567.5',
      '+546': '546',
      ',5': '0.5',
      '1,5e3': '1500',
      '817': '817',
      '1.23': '<not-a-number>',
      '1.2345': '<not-a-number>',
      '0.123': '<not-a-number>',
      '1,2,3': '<not-a-number>',
      ',': '<not-a-number>',
    },
  ],
  ['a decimal comma', { decimal: ',' }, 'DOUBLE', { '19,47': '19.47', '2.155': '<not-a-number>', '7': '7' }],
  ['thousands points in whole numbers', GERMAN, 'INT', { '2.155': '2155', '2,5': '<not-an-integer>', '2,0': '2' }],
  [
    'thousands commas',
    { thousands: ',' },
    'DECIMAL(12,2)',
    { '1,234.00': '1234.00', '12,34,567.5': '1234567.5', '12,34': '<not-a-number>', '980.50': '980.50' },
  ],
  [
    'thousands spaces',
    { decimal: ',', thousands: ' ' },
    'DOUBLE',
    { '1 234,5': '1234.5', '1\u00a0234': '1234', '1\u202f234\u202f567': '1234567', '1  234': '<not-a-number>' },
  ],
  ['apostrophes', { thousands: "'" }, 'INT', { "1'234": '1234', '1’234’567': '1234567', "1'23": '<not-an-integer>' }],
  ['percent signs', { percent: 'number' }, 'DOUBLE', { '4.76%': '4.76', '5 %': '5', '5': '5', '%': '<not-a-number>' }],
  ['percent as fractions', { percent: 'fraction' }, 'DOUBLE', { '4.76%': '0.0476', '5': '5', '-3%': '-0.03' }],
  [
    'currencies',
    { currency: ['$', 'EUR'], thousands: ',' },
    'DOUBLE',
    { '$1,234.00': '1234.00', '-$5': '-5', '$-5': '-5', '10 EUR': '10', '€5': '<not-a-number>', $: '<not-a-number>' },
  ],
])('%s', (_name, format, type, cases) => {
  it.each(Object.entries(cases))('read %j as %s', (text, wanted) => {
    expect(Number(outcome(format, type, text)) || outcome(format, type, text)).toBe(Number(wanted) || wanted);
  });
});

it('reads any number that is written in a format as that number', () => {
  const format: ValueFormat = { decimal: ',', thousands: '.' };
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const written = `${whole.toLocaleString('de-DE')},${String(cents).padStart(2, '0')}`;
      expect(Number(outcome(format, 'DOUBLE', written))).toBe(Number(`${whole}.${String(cents).padStart(2, '0')}`));
    }),
  );
});

it('takes time in proportion to the length of a text', () => {
  const before = process.cpuUsage();
  const format: ValueFormat = { currency: ['$'], percent: 'number', thousands: ' ' };
  expect(outcome(format, 'DOUBLE', `1${' '.repeat(1_000_000)}x`)).toBe('<not-a-number>');
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
});

describe('the fix of a number', () => {
  it.each([
    ['INT', '12,340', '`thousands: ","`'],
    ['DOUBLE', '1,234.00', '`thousands: ","`'],
    ['DOUBLE', '19,47', '`decimal: ","`'],
    ['DOUBLE', '1.234,5', '`decimal: ","` with `thousands: "."`'],
    ['DOUBLE', '1 234,5', '`decimal: ","` with `thousands: " "`'],
    [
      'DOUBLE',
      '1,234',
      '`thousands: ","` if the comma separates thousands, or `decimal: ","` if it is the decimal sign',
    ],
    ['DOUBLE', '4.76%', '`percent: number`'],
    ['DOUBLE', '$5', '`currency: ["$"]`'],
    ['DOUBLE', '1.234,50 €', '`decimal: ","` with `thousands: "."` with `currency: ["€"]`'],
  ])('in %s %j names %s', (type, text, wanted) => {
    expect(fixOf(text, parseSqlType(type), {})).toContain(`set ${wanted}.`);
  });

  it('names both readings of a number that an integer column cannot have', () => {
    const fix = fixOf('2.155', parseSqlType('INT'), {});
    expect(fix).toContain('`thousands: "."` if the point separates thousands. If it is the decimal sign, declare');
  });

  it.each(['abc', '1.2.3', 'LOT 5', '12:30', '', '1,2,3'])('in %j names no option', (text) => {
    expect(fixOf(text, parseSqlType('DOUBLE'), {})).toBeUndefined();
  });
});
