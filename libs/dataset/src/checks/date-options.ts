import type { ValueFormat } from '@tracebloc/ingestor-contract';
import { hasMonthName } from '@tracebloc/ingestor-core';
import { type OwnColumn, writeOption } from './column-option.js';
import { MONTH_LANGUAGES } from './month-languages.js';

/** Returns a function that reads `25/12/2024` and `25-12-2024` with the day or the month first. Other texts stay. */
export function compileDayFirst(dayFirst: boolean): (text: string) => string {
  return (raw) => {
    const match = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)(.*)$/.exec(raw.trim());
    if (!match) return raw;
    const [, first, , second, year, rest] = match;
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return `${year}-${pad(month!)}-${pad(day!)}${rest!.replace(/^([T ])(\d:)/, '$10$2')}`;
  };
}

const pad = (digits: string): string => digits.padStart(2, '0');

/** The formats of dates with names of months. */
const MONTH_FORMATS = [
  ...['MMM YYYY', 'MMM-YYYY', 'MMMM YYYY', 'D-MMM-YYYY', 'D MMM YYYY', 'D-MMM-YY', 'MMM D, YYYY', 'D. MMM YYYY'],
  ...['MMM-YY', 'D/MMM/YYYY', 'D.MMM.YYYY', 'D MMM YY', 'D/MMM/YY'],
];

/** The options with which dates that are not in a known format can be read, the likelier first. */
export const DATE_OPTIONS: readonly ValueFormat[] = [
  { dayFirst: true },
  { dayFirst: false },
  ...[
    ...['YYYY-MM', 'YYYY/MM', 'MM/YYYY', ...MONTH_FORMATS.slice(0, 3)],
    ...[
      'YYYYQ',
      'YYYY-Q',
      'YYYY Q',
      'YYYY/Q',
      'Q YYYY',
      'Q-YYYY',
      'Q/YYYY',
      'YYYY-WWW',
      'YYYYWWW',
      'YYYY-WWW-E',
      'YYYYWWWE',
    ],
    ...MONTH_FORMATS.slice(3),
    ...['MM/DD/YYYY hh:mm A', 'MM/DD/YYYY hh:mm:SS A', 'DD/MM/YYYY hh:mm A', 'DD/MM/YYYY hh:mm:SS A'],
    ...['YYYY-MM-DD hh:mm A', 'YYYY-MM-DD hh:mm:SS A', 'DD/MM/YY', 'MM/DD/YY', 'DD.MM.YY', 'D.M.YYYY', 'YYYY-M-D'],
    ...['DD/MM/YY H:mm', 'MM/DD/YY H:mm', 'DD.MM.YY H:mm', 'DD/MM/YY H:mm:SS', 'MM/DD/YY H:mm:SS', 'DD.MM.YY H:mm:SS'],
    ...['DD/MM/YY hh:mm A', 'MM/DD/YY hh:mm A', 'DD/MM/YY hh:mm:SS A', 'MM/DD/YY hh:mm:SS A'],
    ...['YYYY/M/D', 'YYYY-MM-DD H:mm', 'YYYY-MM-DD H:mm:SS', 'D.M.YYYY H:mm', 'D.M.YYYY H:mm:SS'],
  ].map((dateFormat) => ({ dateFormat })),
];

/** The options of dates with names of months in other languages than English. */
export const LANGUAGE_OPTIONS: readonly ValueFormat[] = MONTH_LANGUAGES.flatMap((dateLanguage) =>
  [...MONTH_FORMATS, 'D de MMMM de YYYY', 'D MMMM de YYYY', 'MMMM de YYYY', 'D de MMMM YYYY'].map((dateFormat) => ({
    dateFormat,
    dateLanguage,
  })),
);

/** Those of numbers. Any number of this size may be one, so the number alone does not show it. */
export const EPOCH_OPTIONS: readonly ValueFormat[] = [{ dateFormat: 'epoch_s' }, { dateFormat: 'epoch_ms' }];

/** The days that spreadsheets count. Those of the 1904 system are 1,462 less, which no value shows. */
export const SERIAL_OPTION: ValueFormat = { dateFormat: 'excel' };

/** Returns the options of `spec.csv_options` as they are written. */
export function writeDateOption({ dateFormat, dateLanguage, dayFirst }: ValueFormat, own?: OwnColumn): string {
  if (dateFormat === undefined) return `\`day_first: ${dayFirst}\``;
  const format = writeOption('date_format', dateFormat, own);
  return dateLanguage === undefined ? format : `${format} with ${writeOption('date_language', dateLanguage, own)}`;
}

/** Numbers that are dates only if the user says so, by their digits. */
const NUMBERS: readonly [digits: RegExp, what: string, option: ValueFormat][] = [
  [/^\d{10}(\.\d+)?$/, ' if it is a time since 1970', EPOCH_OPTIONS[0]!],
  [/^\d{13}$/, ' if it is a time since 1970', EPOCH_OPTIONS[1]!],
  [/^\d{5}(\.\d+)?$/, ' if it is a day as Excel counts them (old ones of the Mac are `excel_1904`)', SERIAL_OPTION],
  [/^\d{4}$/, ' if it is a year', { dateFormat: 'YYYY' }],
  [/^\d{6}$/, ' if it is a year and a month', { dateFormat: 'YYYYMM' }],
];

/** Whether a format has years of two digits. */
export const hasShortYear = (format: string): boolean => format.replace('YYYY', '').includes('YY');

/** What years of two digits mean. */
export const SHORT_YEARS = 'YY is 1969 to 2068';

/** The options of a date of which nothing decides whether the day or the month is first. */
const EITHER = '`day_first: true` if the day is first, or `day_first: false` if the month is';

/**
 * Returns the fix for a text that is not a date: the options with which `accepts` is true, for its column alone if others have
 * another format.
 */
export function dateFix(
  text: string,
  accepts: (option: ValueFormat) => boolean,
  configured: ValueFormat,
  own?: OwnColumn,
): string | undefined {
  if (configured.dateFormat !== undefined) return otherFormat(accepts, configured, own);
  const number = NUMBERS.find(([digits]) => digits.test(text.trim()));
  const [, what, option] = number ?? [];
  const usual = (option ? [option] : DATE_OPTIONS).filter(accepts).slice(0, 2);
  const fits = usual.length > 0 || option ? usual : firstOfLanguages(accepts);
  if (fits.length === 0) return undefined;
  const isShort = fits.some(({ dateFormat = '' }) => hasShortYear(dateFormat));
  const note = isShort ? ` (${SHORT_YEARS})` : '';
  const isEither = fits.length === 2 && fits.every(({ dayFirst }) => dayFirst !== undefined);
  const named = isEither ? EITHER : fits.map((one) => writeDateOption(one, own)).join(', or ');
  return `Below \`spec.csv_options\`, set ${named}${what ?? ''}${note}. Otherwise write dates as YYYY-MM-DD.`;
}

/** Returns the first option of each language that fits. */
const firstOfLanguages = (accepts: (option: ValueFormat) => boolean): ValueFormat[] =>
  MONTH_LANGUAGES.flatMap((language) => {
    const option = LANGUAGE_OPTIONS.find((one) => one.dateLanguage === language && accepts(one));
    return option ? [option] : [];
  });

/** Returns the fix for a text that does not fit the configured format: another language of it, or another format for its column. */
function otherFormat(
  accepts: (option: ValueFormat) => boolean,
  { dateFormat, dateLanguage }: ValueFormat,
  own?: OwnColumn,
): string | undefined {
  const languages = hasMonthName(dateFormat!)
    ? MONTH_LANGUAGES.filter((language) => language !== dateLanguage && accepts({ dateLanguage: language }))
    : [];
  if (languages.length > 0) {
    const named = languages.map((language) => writeOption('date_language', language, own)).join(', or ');
    return `Below \`spec.csv_options\`, set ${named} if the names of months are of that language. Otherwise correct the value.`;
  }
  const tried = [...DATE_OPTIONS, ...LANGUAGE_OPTIONS].filter((one) => one.dateFormat !== undefined);
  const fit = tried.find((one) => accepts({ dateLanguage: undefined, ...one }));
  if (!own || !fit || own.others.every(([, other]) => other.dateFormat !== dateFormat)) return undefined;
  return `Below \`spec.csv_options\`, set ${writeDateOption(fit, own)} if all dates of the column are written like this one, unlike others. Otherwise correct the value.`;
}
