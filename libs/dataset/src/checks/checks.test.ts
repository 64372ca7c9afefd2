import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';
import { compileCell, compileCheck } from './cell.js';

/** Returns the canonical text, or the code of the problem in angle brackets. */
function outcome(type: string, text: string): string {
  const result = compileCheck(parseSqlType(type))(text);
  return typeof result === 'string' ? result : `<${result.code}>`;
}

const zeros = (count: number) => '0'.repeat(count);

describe.each<[type: string, cases: Record<string, string>]>([
  [
    'INT',
    {
      '12': '12',
      '-7': '-7',
      '+5': '5',
      '007': '7',
      '-0': '0',
      ' 12 ': '12',
      '12.0': '12',
      '12.': '12',
      '1e3': '1000',
      '1.20e1': '12',
      '1200e-2': '12',
      '2147483647': '2147483647',
      '-2147483648': '-2147483648',
      '2147483648': '<out-of-range>',
      '1e400': '<out-of-range>',
      '1e999999999999': '<out-of-range>',
      '12.5': '<not-an-integer>',
      '1e-1': '<not-an-integer>',
      abc: '<not-an-integer>',
      '0x10': '<not-an-integer>',
      '1_000': '<not-an-integer>',
      '1,000': '<not-an-integer>',
      '.': '<not-an-integer>',
      e3: '<not-an-integer>',
      '0e99999999999': '0',
      '１': '<not-an-integer>',
    },
  ],
  ['TINYINT', { '127': '127', '128': '<out-of-range>', '-128': '-128', '-129': '<out-of-range>', '99': '99' }],
  ['TINYINT UNSIGNED', { '255': '255', '256': '<out-of-range>', '-1': '<out-of-range>', '-0': '0' }],
  ['SMALLINT', { '32767': '32767', '32768': '<out-of-range>' }],
  ['MEDIUMINT', { '8388607': '8388607', '8388608': '<out-of-range>' }],
  ['BIGINT', { '9223372036854775807': '9223372036854775807', '9223372036854775808': '<out-of-range>' }],
  ['BIGINT UNSIGNED', { '18446744073709551615': '18446744073709551615', '18446744073709551616': '<out-of-range>' }],
  [
    'DOUBLE',
    {
      '1.5': '1.5',
      '-3': '-3',
      '.5': '0.5',
      '5.': '5',
      '+2': '2',
      ' 1 ': '1',
      '1e3': '1000',
      '1E-7': '1e-7',
      '1e400': '<number-overflow>',
      '-1e400': '<number-overflow>',
      '1.7976931348623157e308': '1.7976931348623157e+308',
      [`1${zeros(309)}`]: '<number-overflow>',
      '1e-400': '0',
      NaN: '<not-a-number>',
      Infinity: '<not-a-number>',
      inf: '<not-a-number>',
      '0x1F': '<not-a-number>',
      '1_000': '<not-a-number>',
      '1,5': '<not-a-number>',
      '1.2.3': '<not-a-number>',
      '.': '<not-a-number>',
      '--1': '<not-a-number>',
      '1 2': '<not-a-number>',
      '1e': '<not-a-number>',
      e3: '<not-a-number>',
      '.e3': '<not-a-number>',
    },
  ],
  ['FLOAT', { '3.402823466e38': '3.402823466e+38', '3.5e38': '<number-overflow>', '-3.5e38': '<number-overflow>' }],
  ['FLOAT UNSIGNED', { '1.5': '1.5', '-1.5': '<out-of-range>' }],
  [
    'DECIMAL(5,2)',
    {
      '123.45': '123.45',
      '-1.5': '-1.5',
      '123.4500': '123.45',
      '00123.4': '123.4',
      '.5': '0.5',
      '1e2': '100',
      '1.2345e2': '123.45',
      '1.23456e2': '<too-many-decimals>',
      '12345e-2': '123.45',
      '1000': '<out-of-range>',
      '1.234': '<too-many-decimals>',
      '1e400': '<out-of-range>',
      '1e-400': '<too-many-decimals>',
      '0e400': '0',
      abc: '<not-a-number>',
    },
  ],
  ['DECIMAL(2,2)', { '0.25': '0.25', '.25': '0.25', '1': '<out-of-range>', '0': '0' }],
  ['DECIMAL(4,0)', { '1234': '1234', '12.0': '12', '12.5': '<too-many-decimals>' }],
  ['DECIMAL(5,2) UNSIGNED', { '1': '1', '-1': '<out-of-range>' }],
  [
    'VARCHAR(3)',
    { '007': '007', ' a ': ' a ', abcd: '<text-too-long>', '😀😀😀': '😀😀😀', '😀😀😀😀': '<text-too-long>' },
  ],
  ['CHAR(3)', { 'a  ': 'a', ' a': ' a', 'abc  ': 'abc', 'abc\t': '<text-too-long>', abcd: '<text-too-long>' }],
  [
    'TEXT',
    {
      ['x'.repeat(65_535)]: 'x'.repeat(65_535),
      ['x'.repeat(65_536)]: '<text-too-long>',
      ['é'.repeat(32_768)]: '<text-too-long>',
    },
  ],
  [
    'BOOL',
    {
      True: '1',
      ' YES ': '1',
      t: '1',
      y: '1',
      '1': '1',
      false: '0',
      N: '0',
      '0': '0',
      '2': '<not-a-boolean>',
      '1.0': '1',
      ' 0.0': '0',
      '1.5': '<not-a-boolean>',
    },
  ],
  [
    'DATE',
    {
      '2024-02-29': '2024-02-29',
      '2024/02/29': '2024-02-29',
      '20240229': '2024-02-29',
      '29.02.2024': '2024-02-29',
      '02/29/2024': '2024-02-29',
      ' 2024-02-29 ': '2024-02-29',
      '2023-02-29': '<unreal-date>',
      '1900-02-29': '<unreal-date>',
      '2000-02-29': '2000-02-29',
      '31.02.2024': '<unreal-date>',
      '31.04.2024': '<unreal-date>',
      '13/01/2024': '<unreal-date>',
      '2024-00-10': '<unreal-date>',
      '2024-01-00': '<unreal-date>',
      '31.02.': '<not-a-date>',
      '2024-2-9': '<not-a-date>',
      yesterday: '<not-a-date>',
      '2024-01-01 00:00': '2024-01-01',
      '2024-01-01 00:01': '<not-a-date>',
      '0999-12-31': '<out-of-range>',
      '9999-12-31': '9999-12-31',
    },
  ],
  [
    'DATETIME',
    {
      '2024-02-29': '2024-02-29 00:00:00',
      '2024-02-29 12:30': '2024-02-29 12:30:00',
      '2024-02-29T12:30:15Z': '2024-02-29 12:30:15',
      '29.02.2024 12:30:15.000': '2024-02-29 12:30:15',
      '2024-02-29T23:30:00-01:00': '2024-03-01 00:30:00',
      '2024-01-01T00:30:00+01:00': '2023-12-31 23:30:00',
      '2024-02-29 12:30:15.5': '<too-many-decimals>',
      '2024-02-28 24:00:00': '2024-02-29 00:00:00',
      '2024-12-31T24:00': '2025-01-01 00:00:00',
      '2024-02-29 24:00:01': '<unreal-date>',
      '2024-02-29 24:01': '<unreal-date>',
      '2024-02-29 12:60': '<unreal-date>',
      '2024-02-30 12:00': '<unreal-date>',
      '12:00': '<not-a-datetime>',
      '2024-02-29 1:00': '<not-a-datetime>',
      '2024-02-29 12:00:00+24:00': '<unreal-date>',
      '9999-12-31T23:59:59-01:00': '<out-of-range>',
      '1000-01-01T00:00:00+01:00': '<out-of-range>',
    },
  ],
  [
    'DATETIME(3)',
    { '2024-02-29 12:30:15.120': '2024-02-29 12:30:15.12', '2024-02-29 12:30:15.1234': '<too-many-decimals>' },
  ],
  [
    'TIMESTAMP',
    {
      '1970-01-01 00:00:00': '1970-01-01 00:00:00',
      '1970-01-01 00:00:01': '1970-01-01 00:00:01',
      '2038-01-19 03:14:07': '2038-01-19 03:14:07',
      '2038-01-19 03:14:08': '2038-01-19 03:14:08',
      '2038-01-19T04:14:07+01:00': '2038-01-19 03:14:07',
      nonsense: '<not-a-datetime>',
    },
  ],
  [
    'TIME',
    {
      '12:30': '12:30:00',
      '1:02:03': '01:02:03',
      '-0:00': '00:00:00',
      '-838:59:59': '-838:59:59',
      '839:00:00': '<out-of-range>',
      '12:60:00': '<unreal-date>',
      '12:30:15.5': '<too-many-decimals>',
      noon: '<not-a-time>',
    },
  ],
  ['TIME(6)', { '838:59:59.000000': '838:59:59', '838:59:59.000001': '<out-of-range>', '00:00:00.25': '00:00:00.25' }],
])('a value of %s', (type, cases) => {
  it.each(Object.entries(cases))('%j becomes %j', (text, expected) => {
    expect(outcome(type, text)).toBe(expected);
  });
});

describe('any value', () => {
  it('keeps its number: DOUBLE', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(outcome('DOUBLE', String(value)))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('keeps its digits with any place of the point: DECIMAL(40,20)', () => {
    const digits = fc.bigInt({ min: -(10n ** 40n) + 1n, max: 10n ** 40n - 1n });
    fc.assert(
      fc.property(digits, (units) => {
        const canonical = outcome('DECIMAL(40,20)', `${units}e-20`);
        const [whole = '', fraction = ''] = canonical.split('.');
        expect(BigInt(whole.replace('-', '') + fraction.padEnd(20, '0'))).toBe(units < 0n ? -units : units);
        expect(canonical.startsWith('-')).toBe(units < 0n);
      }),
    );
  });

  it('keeps its moment: DATETIME(6)', () => {
    const date = fc.date({ min: new Date('1000-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, ahead) => {
        const local = new Date(moment.getTime() + ahead * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0');
        const text = `${local}${ahead < 0 ? '-' : '+'}${two(ahead / 60)}:${two(ahead % 60)}`;
        expect(Date.parse(`${outcome('DATETIME(6)', text).replace(' ', 'T')}Z`)).toBe(moment.getTime());
      }),
    );
  });

  it('is checked in a time that grows only with its length', () => {
    const long = `1${'0'.repeat(2_000_000)}1`;
    const before = process.cpuUsage();
    for (const type of ['INT', 'DOUBLE', 'DECIMAL(5,2)', 'TEXT', 'BOOL', 'DATE', 'DATETIME', 'TIME']) {
      expect(outcome(type, long)).toMatch(/^</);
      expect(outcome(type, `0.${long}`)).toMatch(/^<|^0.1/);
    }
    // The processor time of this process, which a busy machine does not change much.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  });
});

describe('a cell', () => {
  const missing = new Set(['NA', '-999']);
  const cell = (type: string, text: string) => compileCell(parseSqlType(type), missing)(text);

  it.each(['INT', 'DOUBLE', 'DECIMAL(5,1)', 'VARCHAR(9)', 'BOOL', 'DATE', 'DATETIME', 'TIME'])(
    'of %s that is missing is null, or a problem if the column is NOT NULL',
    (type) => {
      for (const text of ['', '  ', 'NA', ' NA ', '-999']) {
        expect(cell(type, text)).toBeNull();
        expect(cell(`${type} NOT NULL`, text)).toMatchObject({ code: 'missing-value' });
      }
    },
  );

  it('is checked unless it is missing', () => {
    expect(cell('INT', '1.0')).toBe('1');
    expect(cell('INT', 'na')).toMatchObject({ code: 'not-an-integer' });
    expect(cell('VARCHAR(9)', 'NAN')).toBe('NAN');
    expect(cell('VARCHAR(9)', ' x')).toBe(' x');
  });
});
