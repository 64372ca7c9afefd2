import { type OwnColumn, writeOption } from './column-option.js';
import { oddNegative } from './negative.js';
import { currencyOf, MAX_NUMBER_LENGTH, NUMBER_STYLES, type NumberFormat } from './number-format.js';
import { unitOf } from './unit.js';

/** Returns the options of `spec.csv_options` that a format has, as they are written for a column. */
export function writeNumberFormat(format: NumberFormat, own?: OwnColumn): string {
  const { decimal, thousands, percent, currency, negative, unit } = format;
  const parts = [
    ...(decimal === undefined ? [] : [writeOption('decimal', decimal, own)]),
    ...(thousands ? [writeOption('thousands', thousands, own)] : []),
    ...(percent ? [`\`percent: ${percent}\``] : []),
    ...(currency ? [`\`currency: ["${currency[0]}"]\``] : []),
    ...(negative ? [writeOption('negative', negative, own)] : []),
    ...(unit === undefined ? [] : [writeOption('units', unit, own)]),
  ];
  return parts.join(' with ');
}

/**
 * Returns the fix for a text that is not a number: the options with which `accepts` is true, for its column alone if those of
 * the configuration contradict them. Returns `undefined` if there are none.
 */
export function numberFix(
  text: string,
  accepts: (format: NumberFormat) => boolean,
  configured: NumberFormat,
  own?: OwnColumn,
): string | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return undefined;
  const bare = text.trim();
  const { signs, unit } = signsOf(bare, configured);
  if (configured.unit !== undefined && unit !== undefined && unit !== configured.unit) {
    return `The numbers of the column have the unit ${configured.unit}. Convert the value, or declare the column VARCHAR.`;
  }
  if (signs.unit !== undefined && !own) return undefined;
  const alike = fittingStyles(accepts, configured, signs, true);
  const isAlike = alike.length > 0 && isFree(configured.negative, signs.negative);
  const fits = isAlike ? alike : fittingStyles(accepts, configured, signs, false);
  const options = fits.map((format) => writeNumberFormat(newIn(format, configured), own));
  const [first, second] = [...new Set(options)].filter((option) => option !== '');
  if (first === undefined) return undefined;
  const named = second === undefined ? first : `${first}, or ${second}`;
  if (!isAlike) {
    return `Below \`spec.csv_options\`, set ${named} if all numbers of the column are written like this one, unlike others. Otherwise correct the value.`;
  }
  const [{ thousands }] = fits as [NumberFormat];
  if (second !== undefined && thousands === ',') {
    return `Below \`spec.csv_options\`, set ${first} if the comma separates thousands, or ${second} if it is the decimal sign.`;
  }
  if (signs.unit !== undefined) {
    return `Below \`spec.csv_options\`, set ${named} if all numbers of the column are in ${signs.unit}. If the column is text, declare it VARCHAR.`;
  }
  const isFraction = thousands === '.' && /^[+\-\u2212]?[1-9]\d{0,2}\.\d{3}$/.test(bare);
  const otherwise = isFraction
    ? ' if the point separates thousands. If it is the decimal sign, declare the column FLOAT'
    : '. If the column is text, declare it VARCHAR';
  return `Below \`spec.csv_options\`, set ${named}${otherwise}.`;
}

/** Returns the signs beside the digits of a number for which the configuration has no option, and its unit. */
function signsOf(bare: string, configured: NumberFormat): { signs: NumberFormat; unit: string | undefined } {
  const negative = oddNegative(bare);
  const magnitude = negative?.magnitude ?? bare;
  const currency = currencyOf(magnitude.replace(/\s*%$/, ''));
  const unit = currency === undefined ? unitOf(magnitude) : undefined;
  const signs: NumberFormat = {
    ...(configured.percent === undefined && magnitude.endsWith('%') && { percent: 'number' as const }),
    ...(currency !== undefined && { currency: [...(configured.currency ?? []), currency] }),
    ...(negative && negative.kind !== configured.negative && { negative: negative.kind }),
    ...(configured.unit === undefined && unit !== undefined && { unit }),
  };
  return { signs, unit };
}

/** Returns the formats of the styles that read a number; those that agree with the configuration if `isAlike`. */
function fittingStyles(
  accepts: (format: NumberFormat) => boolean,
  configured: NumberFormat,
  signs: NumberFormat,
  isAlike: boolean,
): NumberFormat[] {
  const fits: NumberFormat[] = [];
  for (const style of NUMBER_STYLES) {
    const agrees = isFree(configured.decimal, style.decimal) && isFree(configured.thousands, style.thousands);
    if (isAlike && !agrees) continue;
    const thousands = style.thousands ?? (isAlike ? configured.thousands : undefined);
    if (!accepts({ ...configured, ...style, thousands, ...signs })) continue;
    // A style with more options than are needed adds nothing.
    if (fits.some((fit) => fit.decimal === style.decimal && fit.thousands === undefined)) continue;
    fits.push({ ...style, ...signs });
    // The usual style is enough.
    if (style === NUMBER_STYLES[0]) break;
  }
  return fits;
}

const isFree = <T>(configured: T | undefined, wanted: T | undefined): boolean =>
  configured === undefined || configured === wanted;

/** Returns what of a format the configuration does not say. */
function newIn({ decimal, thousands, currency, ...signs }: NumberFormat, configured: NumberFormat): NumberFormat {
  return {
    ...signs,
    ...(decimal !== (configured.decimal ?? '.') && { decimal }),
    ...(thousands !== configured.thousands && { thousands }),
    ...(currency && { currency: currency.slice(-1) }),
  };
}
