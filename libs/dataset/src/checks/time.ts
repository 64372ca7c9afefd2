import { withoutTrailing } from '@tracebloc/ingestor-core';
import type { SqlType } from '@tracebloc/ingestor-contract';
import type { Check, ValueProblem } from './problem.js';

/** The formats of a date, in the order of the groups of `DATE`. */
const DATE_FORMATS = ['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYYMMDD', 'DD.MM.YYYY', 'MM/DD/YYYY'];
const FORMATS = `${DATE_FORMATS.slice(0, -1).join(', ')} or ${DATE_FORMATS.at(-1)}`;
const DATE = String.raw`(?:(\d{4})-(\d\d)-(\d\d)|(\d{4})/(\d\d)/(\d\d)|(\d{4})(\d\d)(\d\d)|(\d\d)\.(\d\d)\.(\d{4})|(\d\d)/(\d\d)/(\d{4}))`;
const CLOCK = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?`;
const OFFSET = String.raw`(Z| ?UTC| ?([+-])(\d\d)(?::?(\d\d))?)?`;
/** A date, which may be written as its midnight. */
const DATE_ONLY = new RegExp(String.raw`^${DATE}(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z| ?UTC| ?[+]00(?::?00)?)?)?$`);
const DATE_AND_TIME = new RegExp(`^${DATE}(?:[T ]${CLOCK}${OFFSET})?$`);
/** Match most valid dates and moments that are canonical: every month has days up to the 28th. */
const CANONICAL_DAY = String.raw`^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])`;
const CANONICAL_DATE = new RegExp(`${CANONICAL_DAY}$`);
const CANONICAL_MOMENT = new RegExp(String.raw`${CANONICAL_DAY} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$`);
const SQL_TIME = /^([+-]?)(\d{1,3}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/;
/** The number of groups in `DATE`. */
const DATE_GROUPS = 15;

const YEARS: ValueProblem = { code: 'out-of-range', expected: 'a year from 1000 to 9999' };
const UNREAL_DATE: ValueProblem = { code: 'unreal-date', expected: 'a day of the calendar' };
const UNREAL_TIME: ValueProblem = { code: 'unreal-date', expected: 'a time from 00:00:00 to 23:59:59' };

type Parts = (string | undefined)[];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Returns the index of the first of the three groups that matched in `DATE`. */
function dateGroup(match: Parts): number {
  let group = 1;
  while (match[group] === undefined) group += 3;
  return group;
}

/** Converts a match of `DATE` to `YYYY-MM-DD`. */
function readDate(match: Parts): string | ValueProblem {
  const group = dateGroup(match);
  const [first, second, third] = [match[group]!, match[group + 1]!, match[group + 2]!];
  const [year, month, day] =
    group < 10 ? [first, second, third] : group === 10 ? [third, second, first] : [third, first, second];
  const isReal = month >= '01' && month <= '12' && day >= '01' && Number(day) <= daysIn(Number(year), Number(month));
  if (!isReal) return UNREAL_DATE;
  return year < '1000' ? YEARS : `${year}-${month}-${day}`;
}

/** Returns the fraction as `.ddd`, without trailing zeros, or `undefined` if it has more digits than the type stores. */
function readFraction(digits: string | undefined, scale: number): string | undefined {
  const significant = withoutTrailing('0', digits ?? '');
  if (significant.length > scale) return undefined;
  return significant === '' ? '' : `.${significant}`;
}

const tooFine = (scale: number): ValueProblem => ({
  code: 'too-many-decimals',
  expected: scale === 0 ? 'whole seconds' : `at most ${scale} digits after the point`,
});

/** Converts dates to `YYYY-MM-DD`. */
export function checkDate(): Check {
  const notDate: ValueProblem = { code: 'not-a-date', expected: FORMATS };
  return (raw) => {
    if (CANONICAL_DATE.test(raw)) return raw;
    const match = DATE_ONLY.exec(raw.trim());
    return match ? readDate(match) : notDate;
  };
}

/** Converts dates with times to `YYYY-MM-DD HH:MM:SS[.ffffff]`. One with an offset is converted to UTC. */
export function checkDatetime({ scale = 0 }: SqlType): Check {
  const notDatetime: ValueProblem = {
    code: 'not-a-datetime',
    expected: `${FORMATS}, then optionally HH:MM:SS and Z or ±HH:MM`,
  };
  const fraction = tooFine(scale);
  // A TIMESTAMP is stored as a DATETIME, so that its years are not limited to 1970 to 2038.
  const [first, last] = ['1000-01-01 00:00:00', '9999-12-31 23:59:59'] as const;
  const outOfRange: ValueProblem = { code: 'out-of-range', expected: `${first} to ${last}` };

  return (raw) => {
    if (CANONICAL_MOMENT.test(raw)) return raw;
    const match: Parts | null = DATE_AND_TIME.exec(raw.trim());
    if (!match) return notDatetime;
    const date = readDate(match);
    if (typeof date !== 'string') return date;
    const [hour = '00', minute = '00', second = '00', digits, , sign, hours, minutes = '00'] = match.slice(
      DATE_GROUPS + 1,
    );
    const isDayEnd = hour === '24' && minute === '00' && second === '00' && /^0*$/.test(digits ?? '');
    if ((hour > '23' && !isDayEnd) || minute > '59' || second > '59') return UNREAL_TIME;
    const part = readFraction(digits, scale);
    if (part === undefined) return fraction;
    let moment = isDayEnd ? toUtc(`${date} 00:00:00`, -24 * 60) : `${date} ${hour}:${minute}:${second}`;
    if (sign !== undefined) {
      if (hours! > '23' || minutes > '59') return UNREAL_TIME;
      moment = toUtc(moment, (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
    }
    // A year after 9999 begins with a sign, and is therefore less than `first`.
    return moment < first || moment > last ? outOfRange : moment + part;
  };
}

/**
 * Returns the format of a date, with or without a time: for example `DD.MM.YYYY`, or `YYYY-MM-DDTHH:MM:SS.f±HH:MM`, where
 * `f` is any number of digits. Returns `undefined` for text that is not in a known format.
 */
export function timeFormat(text: string): string | undefined {
  const bare = text.trim();
  const match: Parts | null = DATE_AND_TIME.exec(bare);
  if (!match) return undefined;
  const date = DATE_FORMATS[(dateGroup(match) - 1) / 3]!;
  const [hour, , second, fraction, offset, sign] = match.slice(DATE_GROUPS + 1);
  if (hour === undefined) return date;
  const seconds = (second === undefined ? '' : ':SS') + (fraction === undefined ? '' : '.f');
  const zone = sign === undefined ? (offset ?? '') : '±HH:MM';
  return `${date}${bare[date.length]!}HH:MM${seconds}${zone}`;
}

/** Converts a local time, which is ahead of UTC by the given minutes, to UTC. */
function toUtc(moment: string, minutesAhead: number): string {
  const utc = new Date(Date.parse(`${moment.replace(' ', 'T')}Z`) - minutesAhead * 60_000);
  return utc.toISOString().slice(0, -'.000Z'.length).replace('T', ' ');
}

/** Converts times of day and durations to `[-]HH:MM:SS[.ffffff]`. */
export function checkTime({ scale = 0 }: SqlType): Check {
  const notTime: ValueProblem = { code: 'not-a-time', expected: 'HH:MM or HH:MM:SS' };
  const outOfRange: ValueProblem = { code: 'out-of-range', expected: '-838:59:59 to 838:59:59' };
  const unreal: ValueProblem = { code: 'unreal-date', expected: 'minutes and seconds up to 59' };
  const fraction = tooFine(scale);

  return (raw) => {
    const match: Parts | null = SQL_TIME.exec(raw.trim());
    if (!match) return notTime;
    const [, sign, hours, minute, second = '00', digits] = match;
    if (minute! > '59' || second > '59') return unreal;
    const part = readFraction(digits, scale);
    if (part === undefined) return fraction;
    const isTooFar = Number(hours) > 838 || (Number(hours) === 838 && `${minute}:${second}` === '59:59' && part !== '');
    if (isTooFar) return outOfRange;
    const size = `${String(Number(hours)).padStart(2, '0')}:${minute}:${second}${part}`;
    return sign === '-' && size !== '00:00:00' ? `-${size}` : size;
  };
}
