import type { ValueFormat } from '@tracebloc/ingestor-contract';

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

/** The options with which dates that are not in a known format can be read, the likelier first. */
export const DATE_OPTIONS: readonly ValueFormat[] = [
  { dayFirst: true },
  { dayFirst: false },
  ...[
    ...['YYYY-MM', 'YYYY/MM', 'MM/YYYY', 'MMM YYYY', 'MMM-YYYY', 'MMMM YYYY'],
    ...['YYYYQ', 'YYYY-Q', 'YYYY Q', 'Q YYYY', 'Q-YYYY'],
    ...['D-MMM-YYYY', 'D MMM YYYY', 'D-MMM-YY', 'MMM D, YYYY', 'D. MMM YYYY'],
    ...['MM/DD/YYYY hh:mm A', 'MM/DD/YYYY hh:mm:SS A', 'DD/MM/YYYY hh:mm A', 'DD/MM/YYYY hh:mm:SS A'],
    ...['YYYY-MM-DD hh:mm A', 'YYYY-MM-DD hh:mm:SS A', 'DD/MM/YY', 'MM/DD/YY', 'DD.MM.YY', 'D.M.YYYY', 'YYYY-M-D'],
    ...['YYYY/M/D', 'MMM-YY', 'YYYY-MM-DD H:mm', 'YYYY-MM-DD H:mm:SS', 'D.M.YYYY H:mm', 'D.M.YYYY H:mm:SS'],
  ].map((dateFormat) => ({ dateFormat })),
];

/** Those of numbers. Any number of this size may be one, so the number alone does not show it. */
export const EPOCH_OPTIONS: readonly ValueFormat[] = [{ dateFormat: 'epoch_s' }, { dateFormat: 'epoch_ms' }];

/** Returns the option of `spec.csv_options` as it is written. */
export function writeDateOption({ dateFormat, dayFirst }: ValueFormat): string {
  return dateFormat === undefined ? `\`day_first: ${dayFirst}\`` : `\`date_format: "${dateFormat}"\``;
}

/** Numbers that are dates only if the user says so, by their digits. */
const NUMBERS: readonly [digits: RegExp, what: string, option: ValueFormat][] = [
  [/^\d{10}(\.\d+)?$/, ' if it is a time since 1970', EPOCH_OPTIONS[0]!],
  [/^\d{13}$/, ' if it is a time since 1970', EPOCH_OPTIONS[1]!],
  [/^\d{4}$/, ' if it is a year', { dateFormat: 'YYYY' }],
  [/^\d{6}$/, ' if it is a year and a month', { dateFormat: 'YYYYMM' }],
];

/** Whether a format has years of two digits. */
export const hasShortYear = (format: string): boolean => format.replace('YYYY', '').includes('YY');

/** What years of two digits mean. */
export const SHORT_YEARS = 'YY is 1969 to 2068';

/** The options of a date of which nothing decides whether the day or the month is first. */
const EITHER = '`day_first: true` if the day is first, or `day_first: false` if the month is';

/** Returns the fix for a text that is not a date: the options with which `accepts` is true. */
export function dateFix(text: string, accepts: (option: ValueFormat) => boolean): string | undefined {
  const number = NUMBERS.find(([digits]) => digits.test(text.trim()));
  const [, what, option] = number ?? [];
  const fits = (option ? [option] : DATE_OPTIONS).filter(accepts).slice(0, 2);
  if (fits.length === 0) return undefined;
  const isShort = fits.some(({ dateFormat = '' }) => hasShortYear(dateFormat));
  const note = isShort ? ` (${SHORT_YEARS})` : '';
  const isEither = fits.length === 2 && fits.every(({ dayFirst }) => dayFirst !== undefined);
  const named = isEither ? EITHER : fits.map(writeDateOption).join(', or ');
  return `Below \`spec.csv_options\`, set ${named}${what ?? ''}${note}. Otherwise write dates as YYYY-MM-DD.`;
}
