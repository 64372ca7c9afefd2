import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';
import type { Check, ValueProblem } from './problem.js';

/** The minus sign of typography; a hyphen is the one of programs. */
const MINUS = '\u2212';

/** Returns the text with hyphens as minus signs. */
const withHyphens = (text: string): string => (text.includes(MINUS) ? text.replaceAll(MINUS, '-') : text);

/** Matches a sign, digits before and after the point (one at least), and an exponent. */
const DECIMAL_NUMBER = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number: `digits`, without leading and trailing zeros, times ten to the power of `exponent`. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_NUMBER.exec(withHyphens(text));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', power] = match;
  const significant = (whole + fraction).replace(/^0+/, '');
  const digits = withoutTrailing('0', significant);
  const exponent = Number(power ?? 0) - fraction.length + (significant.length - digits.length);
  return { negative: sign === '-' && digits !== '', digits, exponent: digits === '' ? 0 : exponent };
}

const INTEGER_BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, MEDIUMINT: 24, INT: 32, BIGINT: 64 };

/** Checks whole numbers, in any notation (`12`, `12.0`, `1.2e1`), against the range of the type. */
export function checkInteger({ name, unsigned }: SqlType): Check {
  const bits = BigInt(INTEGER_BITS[name]!);
  const min = unsigned ? 0n : -(1n << (bits - 1n));
  const max = unsigned ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
  const notInteger: ValueProblem = { code: 'not-an-integer', expected: 'a whole number' };
  const outOfRange: ValueProblem = { code: 'out-of-range', expected: `${min} to ${max}` };
  // A number with fewer digits than the limit needs no arithmetic.
  const canonical = new RegExp(`^(?:0|${unsigned ? '' : '-?'}[1-9]\\d{0,${String(max).length - 2}})$`);
  const longest = String(max).length;

  return (raw) => {
    if (canonical.test(raw)) return raw;
    const number = parseDecimal(raw.trim());
    if (!number || number.exponent < 0) return notInteger;
    if (number.digits.length + number.exponent > longest) return outOfRange;
    const size = BigInt(number.digits) * 10n ** BigInt(number.exponent);
    const value = number.negative ? -size : size;
    return value < min || value > max ? outOfRange : String(value);
  };
}

const MAX_FLOAT = 3.4028234663852886e38;

/** Checks finite numbers. */
export function checkFloat({ name, unsigned }: Pick<SqlType, 'name' | 'unsigned'>): Check {
  const max = name === 'FLOAT' ? MAX_FLOAT : Number.MAX_VALUE;
  const notNumber: ValueProblem = { code: 'not-a-number', expected: 'a finite decimal number' };
  const overflow: ValueProblem = { code: 'number-overflow', expected: `at most ${max} in size` };
  const negative: ValueProblem = { code: 'out-of-range', expected: '0 or more' };
  const canonical = unsigned ? /^\d{1,15}(?:\.\d{1,17})?$/ : /^-?\d{1,15}(?:\.\d{1,17})?$/;

  return (raw) => {
    if (canonical.test(raw)) return raw;
    const text = withHyphens(raw.trim());
    if (!DECIMAL_NUMBER.test(text)) return notNumber;
    const value = Number(text);
    if (Math.abs(value) > max) return overflow;
    if (unsigned && value < 0) return negative;
    return String(value);
  };
}

/** Checks numbers that DECIMAL(p,s) stores without rounding. */
export function checkDecimal({ precision = 10, scale = 0, unsigned }: SqlType): Check {
  const wholeDigits = precision - scale;
  const notNumber: ValueProblem = { code: 'not-a-number', expected: 'a decimal number' };
  const outOfRange: ValueProblem = {
    code: 'out-of-range',
    expected: `at most ${wholeDigits} digits before the point${unsigned ? ', not negative' : ''}`,
  };
  const tooFine: ValueProblem = { code: 'too-many-decimals', expected: `at most ${scale} digits after the point` };
  const whole = wholeDigits > 0 ? `\\d{1,${wholeDigits}}` : '0';
  const fraction = scale > 0 ? `(?:\\.\\d{1,${scale}})?` : '';
  const canonical = new RegExp(`^${unsigned ? '' : '-?'}${whole}${fraction}$`);

  return (raw) => {
    if (canonical.test(raw)) return raw;
    const number = parseDecimal(raw.trim());
    if (!number) return notNumber;
    const { negative, digits, exponent } = number;
    if (digits.length + exponent > wholeDigits || (unsigned && negative)) return outOfRange;
    if (-exponent > scale) return tooFine;
    return (negative ? '-' : '') + placePoint(digits, exponent);
  };
}

/** Numbers with more digits than this are written with an exponent. */
const MAX_WRITTEN = 40;

/** Matches numbers that are their own canonical text. */
const CANONICAL = /^(?:0|-?[1-9]\d{0,20}|-?(?:0|[1-9]\d{0,15})\.\d{0,15}[1-9])$/;

/** Returns one text for each value of a number: `100` of `100.0` and `1e2`. Returns the text itself if it is not a number. */
export function canonicalNumber(text: string): string {
  if (CANONICAL.test(text)) return text;
  const number = parseDecimal(text.trim());
  if (!number) return text;
  const { negative, digits, exponent } = number;
  const isLong = digits.length + Math.abs(exponent) > MAX_WRITTEN;
  return (negative ? '-' : '') + (isLong ? `${digits}e${exponent}` : placePoint(digits, exponent));
}

function placePoint(digits: string, exponent: number): string {
  if (exponent >= 0) return digits === '' ? '0' : digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
