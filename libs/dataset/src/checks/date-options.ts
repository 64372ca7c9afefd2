import type { ValueFormat } from '@tracebloc/ingestor-contract';

/** Returns a function that reads `25/12/2024` and `25-12-2024` with the day or the month first. Other texts stay. */
export function compileDayFirst(dayFirst: boolean): (text: string) => string {
  return (raw) => {
    const match = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)(.*)$/.exec(raw.trim());
    if (!match) return raw;
    const [, first, , second, year, rest] = match;
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return `${year}-${pad(month!)}-${pad(day!)}${rest}`;
  };
}

const pad = (digits: string): string => digits.padStart(2, '0');

/** The options with which dates that are not in a known format can be read, the likelier first. */
export const DATE_OPTIONS: readonly ValueFormat[] = [
  { dayFirst: true },
  { dayFirst: false },
  ...[
    ...['YYYY-MM', 'YYYY/MM', 'MM/YYYY', 'MMM YYYY', 'MMM-YYYY', 'MMMM YYYY'],
    ...['D-MMM-YYYY', 'D MMM YYYY', 'D-MMM-YY', 'MMM D, YYYY', 'D. MMM YYYY'],
    ...['MM/DD/YYYY hh:mm A', 'MM/DD/YYYY hh:mm:SS A', 'DD/MM/YYYY hh:mm A', 'DD/MM/YYYY hh:mm:SS A'],
    ...['YYYY-MM-DD hh:mm A', 'YYYY-MM-DD hh:mm:SS A', 'DD/MM/YY', 'MM/DD/YY', 'DD.MM.YY', 'D.M.YYYY', 'YYYY-M-D'],
  ].map((dateFormat) => ({ dateFormat })),
];

/** Those of numbers. Any number of this size may be one, so the number alone does not show it. */
export const EPOCH_OPTIONS: readonly ValueFormat[] = [{ dateFormat: 'epoch_s' }, { dateFormat: 'epoch_ms' }];

/** Returns the option of `spec.csv_options` as it is written. */
export function writeDateOption({ dateFormat, dayFirst }: ValueFormat): string {
  return dateFormat === undefined ? `\`day_first: ${dayFirst}\`` : `\`date_format: "${dateFormat}"\``;
}

/** Returns the fix for a text that is not a date: the options with which `accepts` is true. */
export function dateFix(text: string, accepts: (option: ValueFormat) => boolean): string | undefined {
  const bare = text.trim();
  const epoch = /^\d{10}(\.\d+)?$/.test(bare) ? 0 : /^\d{13}$/.test(bare) ? 1 : undefined;
  const tried = epoch === undefined ? DATE_OPTIONS : [EPOCH_OPTIONS[epoch]!];
  const fits = tried.filter(accepts).slice(0, 2).map(writeDateOption);
  if (fits.length === 0) return undefined;
  const what = epoch === undefined ? '' : ' if it is a time since 1970';
  return `Below \`spec.csv_options\`, set ${fits.join(', or ')}${what}. Otherwise write dates as YYYY-MM-DD.`;
}
