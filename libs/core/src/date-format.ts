import { foldName, monthNames } from './month-names.js';

/** The names of `date_format` for numbers that count from 1970 on, in UTC. */
const EPOCHS: Readonly<Record<string, number>> = { epoch_s: 1, epoch_ms: 1000 };

/** The names of `date_format` for the days that spreadsheets count, and the date of day 0 as days since 1970. */
const SERIALS: Readonly<Record<string, number>> = { excel: -25_569, excel_1904: -24_107 };
/** In the 1900 system, day 60 is a 29 February that did not exist, and the days before it are one later. */
const EXCEL_LEAP_DAY = 60;
const MS_PER_DAY = 86_400_000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LONG_MONTHS = 'january february march april may june july august september october november december'.split(' ');
/** Two-digit years up to this one belong to the 21st century. */
const LAST_OF_CENTURY = 68;
/** Longer texts are no dates. */
const MAX_LENGTH = 100;

const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|Q|WWW|WW|E|DD|D|HH|H|hh|h|mm|ss|SS|A|a/g;
const STRPTIME: Readonly<Record<string, string>> = {
  ...{
    '%Y': 'YYYY',
    '%y': 'YY',
    '%m': 'MM',
    '%d': 'DD',
    '%b': 'MMM',
    '%B': 'MMMM',
    '%H': 'HH',
    '%I': 'hh',
    '%M': 'mm',
  },
  ...{ '%S': 'SS', '%p': 'A', '%T': 'HH:mm:SS', '%F': 'YYYY-MM-DD', '%s': 'epoch_s' },
  ...{ '%G': 'YYYY', '%V': 'WW', '%u': 'E' },
};

type Part =
  | 'year'
  | 'shortYear'
  | 'quarter'
  | 'week'
  | 'weekday'
  | 'month'
  | 'monthName'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'half';
const PARTS: Readonly<Record<string, Part>> = {
  ...({ YYYY: 'year', YY: 'shortYear', MMMM: 'monthName', MMM: 'monthName', MM: 'month', M: 'month' } as const),
  ...({ Q: 'quarter', WWW: 'week', WW: 'week', E: 'weekday' } as const),
  ...({ DD: 'day', D: 'day', HH: 'hour', H: 'hour', hh: 'hour12', h: 'hour12', mm: 'minute', ss: 'second' } as const),
  ...({ SS: 'second', A: 'half', a: 'half' } as const),
};

/** A format that was read: the pattern of a text, and what each of its groups is. */
interface Pattern {
  regex: RegExp;
  parts: Part[];
}

/** Returns why a `date_format` is not valid, or `undefined` if it is. */
export function whyNoDateFormat(format: string): string | undefined {
  if (isNumeric(translate(format))) return undefined;
  const { parts } = readPattern(translate(format));
  const has = (...names: Part[]) => names.some((name) => parts.includes(name));
  if (new Set(parts).size < parts.length) return 'names a part twice';
  if (!has('year', 'shortYear')) return 'has no year (YYYY)';
  const needsMonth = has('day', 'hour', 'hour12', 'minute', 'second');
  if (needsMonth && !has('month', 'monthName')) return 'has no month (MM or MMM)';
  const hasMonth = needsMonth || has('month', 'monthName', 'quarter');
  if (has('week') && (hasMonth || has('shortYear'))) return 'has both a week (WWW) and parts of other dates';
  if (has('weekday') && !has('week')) return 'has a day of the week (E) without a week (WWW)';
  if (has('quarter') && (needsMonth || has('month', 'monthName'))) return 'has both a quarter (Q) and parts of one';
  if (has('hour12') !== has('half')) return 'has only one of a 12-hour clock (hh) and AM or PM (A)';
  return undefined;
}

/** Whether a format is of numbers: times since 1970, or the days of spreadsheets. */
const isNumeric = (format: string): boolean => Object.hasOwn(EPOCHS, format) || Object.hasOwn(SERIALS, format);

/** Whether a format has names of months. */
export const hasMonthName = (format: string): boolean =>
  !isNumeric(translate(format)) && readPattern(translate(format)).parts.includes('monthName');

/**
 * Returns a function that converts a text of a format to `YYYY-MM-DD[ HH:MM:SS]`, or to `undefined` if it does not fit.
 * Without a language, names of months are English.
 */
export function compileDateFormat(format: string, language?: string): (text: string) => string | undefined {
  const meant = translate(format);
  if (Object.hasOwn(EPOCHS, meant)) return (text) => readEpoch(text.trim(), EPOCHS[meant]!);
  if (Object.hasOwn(SERIALS, meant)) return (text) => readSerial(text.trim(), meant);
  const { regex, parts } = readPattern(meant, language);
  const monthOf = language === undefined ? undefined : monthNames(language);
  return (raw) => {
    const match = raw.length > MAX_LENGTH ? null : regex.exec(raw.trim());
    if (!match) return undefined;
    const found = new Map(parts.map((part, index) => [part, match[index + 1]!]));
    const date = found.has('week') ? readWeek(found) : readDate(found, monthOf);
    if (date === undefined) return undefined;
    const clock = clockOf(found);
    return clock === undefined ? undefined : date + clock + (match.at(-1) ?? '');
  };
}

const translate = (format: string): string =>
  format.includes('%') ? format.replace(/%[a-zA-Z]/g, (code) => STRPTIME[code] ?? code) : format;

function readPattern(format: string, language?: string): Pattern {
  const parts: Part[] = [];
  let source = '';
  let end = 0;
  for (const { 0: token, index } of format.matchAll(TOKEN)) {
    source += escaped(format.slice(end, index));
    end = index + token.length;
    // Minutes are written MM too, as the formats in findings are.
    const isMinute = token === 'MM' && (parts.includes('hour') || parts.includes('hour12'));
    parts.push(isMinute ? 'minute' : PARTS[token]!);
    // Without a character between them, parts have their full width.
    const isTight = new RegExp(`^(?:${TOKEN.source})`).test(format.slice(end));
    // WWW is a week with its letter: W03.
    if (token === 'WWW') source += 'W';
    source += groupOf(parts.at(-1)!, isTight, language !== undefined);
  }
  source += escaped(format.slice(end));
  const hasTime = parts.includes('hour') || parts.includes('hour12');
  const offset = String.raw`\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)`;
  const fraction = parts.at(-1) === 'second' ? String.raw`(?:\.\d+)?` : '';
  const rest = hasTime ? `${fraction}(?:${offset})?` : String.raw`(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:${offset})?)?`;
  return { regex: new RegExp(`^${source}(${rest})$`, language === undefined ? 'i' : 'iu'), parts };
}

function groupOf(part: Part, isTight: boolean, isForeign: boolean): string {
  if (part === 'year') return String.raw`(\d{4})`;
  if (part === 'weekday') return '([1-7])';
  if (part === 'monthName' && isForeign) return String.raw`(\p{L}[\p{L}\p{M}]*)\.?`;
  // The first of a month is 1er in French, and 1º in Spanish and Portuguese.
  if (part === 'day' && isForeign && !isTight) return String.raw`(\d{1,2})(?:(?<=\b0?1)(?:er|º))?`;
  if (part === 'monthName') return `(${[...LONG_MONTHS, ...MONTHS].join('|')}|sept)\\.?`;
  if (part === 'quarter') return 'Q?([1-4])';
  if (part === 'half') return '([AP]\\.?M\\.?)';
  if (part === 'shortYear' || part === 'week' || part === 'minute' || part === 'second') return String.raw`(\d\d)`;
  return isTight ? String.raw`(\d\d)` : String.raw`(\d{1,2})`;
}

/** Returns the date, or `undefined` if the language has no such month. A month, a quarter and a year are their first day. */
function readDate(
  found: ReadonlyMap<Part, string>,
  monthNumbers: ReadonlyMap<string, number> | undefined,
): string | undefined {
  const [name, quarter] = [found.get('monthName'), found.get('quarter')];
  let month = Number(found.get('month') ?? 1);
  if (name !== undefined) {
    const number = monthNumbers ? monthNumbers.get(foldName(name)) : MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
    if (number === undefined) return undefined;
    month = number;
  } else if (quarter !== undefined) month = Number(quarter) * 3 - 2;
  return [yearOf(found), pad(String(month)), pad(found.get('day') ?? '1')].join('-');
}

/** Returns the day of an ISO week, by default its Monday, or `undefined` if the year has no such week. */
function readWeek(found: ReadonlyMap<Part, string>): string | undefined {
  const [year, week] = [Number(found.get('year')), Number(found.get('week'))];
  const fourth = new Date(0);
  fourth.setUTCFullYear(year, 0, 4);
  // The week with 4 January is the first of its year, and a week belongs to the year of its Thursday.
  const monday = fourth.getTime() + ((week - 1) * 7 - ((fourth.getUTCDay() + 6) % 7)) * MS_PER_DAY;
  if (week < 1 || new Date(monday + 3 * MS_PER_DAY).getUTCFullYear() !== year) return undefined;
  return new Date(monday + (Number(found.get('weekday') ?? 1) - 1) * MS_PER_DAY).toISOString().slice(0, 10);
}

function yearOf(found: ReadonlyMap<Part, string>): string {
  const year = found.get('year');
  if (year !== undefined) return year;
  const short = found.get('shortYear')!;
  return `${Number(short) > LAST_OF_CENTURY ? 19 : 20}${short}`;
}

/** Returns the time as ` HH:MM:SS`, an empty text if the format has none, or `undefined` if there is no such hour. */
function clockOf(found: ReadonlyMap<Part, string>): string | undefined {
  let hour = found.get('hour');
  const half = found.get('hour12');
  if (half !== undefined) {
    if (Number(half) < 1 || Number(half) > 12) return undefined;
    hour = String((Number(half) % 12) + (/^p/i.test(found.get('half')!) ? 12 : 0));
  }
  if (hour === undefined) return '';
  return ` ${pad(hour)}:${found.get('minute') ?? '00'}:${found.get('second') ?? '00'}`;
}

/** Returns the moment in UTC, with the offset `Z`. */
function readEpoch(text: string, perSecond: number): string | undefined {
  const match = /^(-?\d{1,15})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match || (match[2] !== undefined && (perSecond > 1 || text.startsWith('-')))) return undefined;
  const count = Number(match[1]);
  const seconds = Math.floor(count / perSecond);
  const parts = perSecond > 1 ? String(count - seconds * perSecond).padStart(3, '0') : match[2];
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1000) return undefined;
  const moment = date.toISOString().slice(0, -'.000Z'.length).replace('T', ' ');
  return `${moment}${parts === undefined ? '' : `.${parts}`}Z`;
}

/** Returns the date of a day that a spreadsheet counts; its fraction is the time, to the millisecond. */
function readSerial(text: string, system: string): string | undefined {
  if (!/^\d{1,7}(?:\.\d{0,17})?$/.test(text)) return undefined;
  const days = Number(text);
  const isFrom1900 = system === 'excel';
  const whole = Math.floor(days);
  if (isFrom1900 && (whole === EXCEL_LEAP_DAY || days < 1)) return undefined;
  const shift = isFrom1900 && whole < EXCEL_LEAP_DAY ? 1 : 0;
  const ms = Math.round((days + SERIALS[system]! + shift) * MS_PER_DAY);
  const date = new Date(ms);
  if (date.getUTCFullYear() > 9999) return undefined;
  const [day, clock] = date.toISOString().slice(0, -1).split('T') as [string, string];
  return clock === '00:00:00.000' ? day : `${day} ${clock.replace(/\.000$/, '')}`;
}

const pad = (digits: string): string => digits.padStart(2, '0');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** Returns whether the platform knows the name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
