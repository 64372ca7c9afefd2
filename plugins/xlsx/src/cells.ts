const DAY = 86_400_000;

/** Moments of the calendar of spreadsheets, in which the day 1 is 1 January 1900, and 1900 has a 29 February. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const MARCH_1900 = Date.UTC(1900, 2, 1);

/** What is read for a cell; an empty one is `null` or is absent. */
export type CellValue = string | boolean | Date | null | undefined;

/** Returns the text of a number, of which the file has the digits. Integers keep all of them. */
export function numberText(written: string): string {
  const text = written.trim();
  if (/^-?\d+$/.test(text)) return text;
  const value = Number(text);
  // Programs write more digits than the number has.
  return Number.isFinite(value) ? String(value) : text;
}

/** Whether a date also has a time of the day. */
export const hasTime = (date: Date): boolean => momentOf(date) % DAY !== 0;

/** Returns the text of a cell. If its column has times of the day, `withTime` writes midnight too. */
export function cellText(value: CellValue, withTime: boolean): string {
  if (value === null || value === undefined) return '';
  if (!(value instanceof Date)) return String(value);
  const moment = momentOf(value);
  if (Number.isNaN(moment)) return '';
  // The day 0 is not a date: the cell has only a time of the day.
  const isTimeOnly = moment >= DAY_ZERO && moment < DAY_ZERO + DAY;
  // The days before the 29 February that did not exist are one off.
  const shifted = moment >= DAY_ZERO + DAY && moment < MARCH_1900 ? moment + DAY : moment;
  const [date, time] = new Date(shifted).toISOString().slice(0, -1).split('T') as [string, string];
  const shortTime = time.replace(/\.000$/, '').replace(/(\.\d*?)0+$/, '$1');
  if (isTimeOnly) return shortTime;
  return withTime || moment % DAY !== 0 ? `${date}T${shortTime}` : date;
}

/**
 * Returns the milliseconds of a date. The reader rounds them down, and the fraction of a day is seldom exact, so that one
 * millisecond may be missing to a round number.
 */
function momentOf(date: Date): number {
  const moment = date.getTime();
  return (moment + 1) % 10 === 0 ? moment + 1 : moment;
}
