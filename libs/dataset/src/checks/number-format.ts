import type { ValueFormat } from '@tracebloc/ingestor-contract';

/** The part of a `ValueFormat` that says how numbers are written. */
export type NumberFormat = Pick<ValueFormat, 'decimal' | 'thousands' | 'percent' | 'currency'>;

/** Characters that may separate thousands; those of a group are alike. */
const SPACES = ' \u00a0\u202f\u2009';
const APOSTROPHES = "'\u2019";

/** Longer texts are no numbers that anybody writes with signs and separators. */
const MAX_LENGTH = 400;

const PLAIN_INTEGER = /^-?\d+$/;

/**
 * Returns a function that converts a number to digits with a point, or returns `undefined` if the text is not a number of
 * this format. Returns `undefined` if the format has no options of numbers.
 */
export function compileNumberFormat(format: NumberFormat): ((text: string) => string | undefined) | undefined {
  const { decimal = '.', thousands, percent, currency = [] } = format;
  if (format.decimal === undefined && !thousands && !percent && currency.length === 0) return undefined;
  const separator = thousands === undefined ? '' : charactersOf(thousands);
  const grouped = separator && String.raw`[1-9]\d{0,2}(?:(?:${separator})\d{2,3})*(?:${separator})\d{3}|`;
  const sign = currency.length > 0 ? `(?:${currency.map(escaped).join('|')})?` : '';
  const end = percent ? '(%?)' : '()';
  const pattern = new RegExp(
    String.raw`^([+-]?)\s*${sign}\s*([+-]?)(?=\S?\d)(${grouped}\d*)(?:${escaped(decimal)}(\d*))?([eE][+-]?\d+)?\s*${sign}\s*${end}$`,
  );
  const separators = separator && new RegExp(separator, 'g');

  return (raw) => {
    if (PLAIN_INTEGER.test(raw)) return raw;
    const match = raw.length > MAX_LENGTH ? null : pattern.exec(raw.trim());
    if (!match) return undefined;
    const [, before = '', after = '', whole = '', fraction, exponent = '', percentSign] = match;
    if (before !== '' && after !== '') return undefined;
    const digits = separators ? whole.replace(separators, '') : whole;
    const number = `${before}${after}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
    if (percentSign !== '%' || percent !== 'fraction') return number + exponent;
    return `${number}e${Number(exponent.slice(1)) - 2}`;
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
const CURRENCY = /^[+-]?\s*(\p{Sc}|[A-Z]{3}|[A-Z]{1,2}\$)\s*[+-]?[\d.]|\d[.,]?\s*(\p{Sc}|[A-Z]{3})$/u;

/** The codes of currencies. Other three letters before a number are a code of something else. */
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Returns the currency sign of a number, if it has one. */
export function currencyOf(text: string): string | undefined {
  const match = CURRENCY.exec(text);
  const sign = match?.[1] ?? match?.[2];
  return sign !== undefined && /^[A-Z]{3}$/.test(sign) && !CODES.has(sign) ? undefined : sign;
}

/** Matches a negative number that has no minus sign before it: `(5)`, `5-`, or `−5` with another dash. */
const ODD_NEGATIVE = /^\(\s*([^()]*\d[^()]*)\)$|^([\d.,' ]*\d)\s?-$|^[\u2010-\u2015\u2212]\s?(\d.*)$/;

/** Returns the text of a negative number without what says that it is negative, or `undefined` if it has a minus sign, or none. */
export function oddNegative(text: string): string | undefined {
  const match = ODD_NEGATIVE.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** What to do with such a number, which no option reads. */
const WRITE_MINUS = 'Write negative numbers with a minus sign before them, such as -5.';

/** Returns the options of `spec.csv_options` that a format has, as they are written. */
export function writeNumberFormat({ decimal, thousands, percent, currency }: NumberFormat): string {
  const parts = [
    ...(decimal === ',' ? ['`decimal: ","`'] : []),
    ...(thousands ? [`\`thousands: "${thousands}"\``] : []),
    ...(percent ? [`\`percent: ${percent}\``] : []),
    ...(currency ? [`\`currency: ["${currency[0]}"]\``] : []),
  ];
  return parts.join(' with ');
}

/**
 * Returns the fix for a text that is not a number: the options with which `check` accepts it. Returns `undefined` if there are
 * none, or if they contradict those of the configuration.
 */
export function numberFix(
  text: string,
  accepts: (format: NumberFormat) => boolean,
  configured: NumberFormat,
): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const bare = text.trim();
  if (oddNegative(bare) !== undefined) return WRITE_MINUS;
  const currency = currencyOf(bare.replace(/\s*%$/, ''));
  const signs: NumberFormat = {
    ...(configured.percent === undefined && bare.endsWith('%') && { percent: 'number' as const }),
    ...(currency !== undefined && { currency: [...(configured.currency ?? []), currency] }),
  };
  const fits: NumberFormat[] = [];
  for (const style of NUMBER_STYLES) {
    const isOther = configured.decimal !== undefined && configured.decimal !== style.decimal;
    const hasOther = configured.thousands !== undefined && configured.thousands !== style.thousands;
    if (isOther || hasOther || !accepts({ ...configured, ...style, ...signs })) continue;
    // A style with more options than are needed adds nothing.
    if (fits.some(({ decimal, thousands }) => decimal === style.decimal && thousands === undefined)) continue;
    fits.push({ ...style, ...signs });
    // The usual style is enough.
    if (style === NUMBER_STYLES[0]) break;
  }
  const options = fits.map((format) => writeNumberFormat({ ...format, ...(currency && { currency: [currency] }) }));
  const named = [...new Set(options)].filter((option) => option !== '').slice(0, 2);
  if (named.length === 0) return undefined;
  const [first, second] = named;
  const [{ thousands }] = fits as [NumberFormat];
  if (second !== undefined && thousands === ',') {
    return `Below \`spec.csv_options\`, set ${first} if the comma separates thousands, or ${second} if it is the decimal sign.`;
  }
  const isFraction = thousands === '.' && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(bare);
  const otherwise = isFraction
    ? ' if the point separates thousands. If it is the decimal sign, declare the column FLOAT'
    : '. If the column is text, declare it VARCHAR';
  return `Below \`spec.csv_options\`, set ${named.join(', or ')}${otherwise}.`;
}
