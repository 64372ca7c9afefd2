import type { ValueFormat } from '@tracebloc/ingestor-contract';
import { compileMagnitude } from './negative.js';

/** The part of a `ValueFormat` that says how numbers are written. */
export type NumberFormat = Pick<ValueFormat, 'decimal' | 'thousands' | 'percent' | 'currency' | 'negative' | 'unit'>;

/** Characters that may separate thousands; those of a group are alike. */
const SPACES = ' \u00a0\u202f\u2007\u2009';
const APOSTROPHES = "'\u2019";

/** Longer texts are no numbers that anybody writes with signs and separators. */
export const MAX_NUMBER_LENGTH = 400;

const PLAIN_INTEGER = /^-?\d+$/;

/**
 * Returns a function that converts a number to digits with a point, or returns `undefined` if the text is not a number of
 * this format. Returns `undefined` if the format has no options of numbers.
 */
export function compileNumberFormat(format: NumberFormat): ((text: string) => string | undefined) | undefined {
  const { decimal = '.', thousands, percent, currency = [], negative, unit } = format;
  const hasSigns = percent !== undefined || currency.length > 0 || negative !== undefined || unit !== undefined;
  if (format.decimal === undefined && !thousands && !hasSigns) return undefined;
  const separator = thousands === undefined ? '' : charactersOf(thousands);
  const grouped = separator && String.raw`[1-9]\d{0,2}(?:(?:${separator})\d{2,3})*(?:${separator})\d{3}|`;
  const sign = currency.length > 0 ? `(?:${currency.map(escaped).join('|')})?` : '';
  const end = (percent ? '(%?)' : '()') + (unit === undefined ? '' : String.raw`(?:\s*${escaped(unit)})?`);
  const pattern = new RegExp(
    String.raw`^([+\-\u2212]?)\s*${sign}\s*([+\-\u2212]?)(?=\S?\d)(${grouped}\d*)(?:${escaped(decimal)}(\d*))?([eE][+\-\u2212]?\d+)?\s*${sign}\s*${end}$`,
  );
  const separators = separator && new RegExp(separator, 'g');
  const magnitudeOf = compileMagnitude(negative);

  return (raw) => {
    if (PLAIN_INTEGER.test(raw)) return raw;
    if (raw.length > MAX_NUMBER_LENGTH) return undefined;
    const text = raw.trim();
    const magnitude = magnitudeOf(text);
    const match = pattern.exec(magnitude ?? text);
    if (!match) return undefined;
    const [, before = '', after = '', whole = '', fraction, exponent = '', percentSign] = match;
    const signs = before + after + (magnitude === undefined ? '' : '-');
    if (signs.length > 1) return undefined;
    const digits = separators ? whole.replace(separators, '') : whole;
    const number = `${signs}${digits}${fraction === undefined ? '' : `.${fraction}`}`.replace('\u2212', '-');
    const power = exponent.replace('\u2212', '-');
    if (percentSign !== '%' || percent !== 'fraction') return number + power;
    return `${number}e${Number(power.slice(1)) - 2}`;
  };
}

function charactersOf(thousands: string): string {
  if (SPACES.includes(thousands)) return `[${SPACES}]`;
  if (APOSTROPHES.includes(thousands)) return `[${APOSTROPHES}]`;
  return escaped(thousands);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** The ways in which files write numbers, the likelier first. */
export const NUMBER_STYLES: readonly NumberFormat[] = [
  { decimal: '.' },
  { decimal: '.', thousands: ',' },
  { decimal: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: ' ' },
  { decimal: '.', thousands: "'" },
  { decimal: ',', thousands: "'" },
];

/** Matches a currency sign or code at the beginning or the end of a number, after or before its sign. */
const CURRENCY = /^[+\-\u2212]?\s*(\p{Sc}|[A-Z]{3}|[A-Z]{1,2}\$)\s*[+\-\u2212]?[\d.]|\d[.,]?\s*(\p{Sc}|[A-Z]{3})$/u;

/** The codes of currencies. Other three letters before a number are a code of something else. */
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Returns the currency sign of a number, if it has one. */
export function currencyOf(text: string): string | undefined {
  const match = CURRENCY.exec(text);
  const sign = match?.[1] ?? match?.[2];
  return sign !== undefined && /^[A-Z]{3}$/.test(sign) && !CODES.has(sign) ? undefined : sign;
}
