/** The names of `date_format` for numbers that count from 1970 on, in UTC. */
const EPOCHS: Readonly<Record<string, number>> = { epoch_s: 1, epoch_ms: 1000 };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LONG_MONTHS = 'january february march april may june july august september october november december'.split(' ');
/** Two-digit years up to this one belong to the 21st century. */
const LAST_OF_CENTURY = 68;
/** Longer texts are no dates. */
const MAX_LENGTH = 100;

const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|Q|DD|D|HH|H|hh|h|mm|ss|SS|A|a/g;
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
};

type Part =
  'year' | 'shortYear' | 'quarter' | 'month' | 'monthName' | 'day' | 'hour' | 'hour12' | 'minute' | 'second' | 'half';
const PARTS: Readonly<Record<string, Part>> = {
  ...({ YYYY: 'year', YY: 'shortYear', MMMM: 'monthName', MMM: 'monthName', MM: 'month', M: 'month' } as const),
  ...({ Q: 'quarter' } as const),
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
  if (EPOCHS[translate(format)]) return undefined;
  const { parts } = readPattern(translate(format));
  const has = (...names: Part[]) => names.some((name) => parts.includes(name));
  if (new Set(parts).size < parts.length) return 'names a part twice';
  if (!has('year', 'shortYear')) return 'has no year (YYYY)';
  const needsMonth = has('day', 'hour', 'hour12', 'minute', 'second');
  if (needsMonth && !has('month', 'monthName')) return 'has no month (MM or MMM)';
  if (has('quarter') && (needsMonth || has('month', 'monthName'))) return 'has both a quarter (Q) and parts of one';
  if (has('hour12') !== has('half')) return 'has only one of a 12-hour clock (hh) and AM or PM (A)';
  return undefined;
}

/** Returns a function that converts a text of a format to `YYYY-MM-DD[ HH:MM:SS]`, or to `undefined` if it does not fit. */
export function compileDateFormat(format: string): (text: string) => string | undefined {
  const meant = translate(format);
  const perSecond = EPOCHS[meant];
  if (perSecond !== undefined) return (text) => readEpoch(text.trim(), perSecond);
  const { regex, parts } = readPattern(meant);
  return (raw) => {
    const match = raw.length > MAX_LENGTH ? null : regex.exec(raw.trim());
    if (!match) return undefined;
    const found = new Map(parts.map((part, index) => [part, match[index + 1]!]));
    const date = [yearOf(found), pad(monthOf(found)), pad(found.get('day') ?? '1')].join('-');
    const clock = clockOf(found);
    return clock === undefined ? undefined : date + clock + (match.at(-1) ?? '');
  };
}

const translate = (format: string): string =>
  format.includes('%') ? format.replace(/%[a-zA-Z]/g, (code) => STRPTIME[code] ?? code) : format;

function readPattern(format: string): Pattern {
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
    source += groupOf(parts.at(-1)!, isTight);
  }
  source += escaped(format.slice(end));
  const hasTime = parts.includes('hour') || parts.includes('hour12');
  const offset = String.raw`\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)`;
  const fraction = parts.at(-1) === 'second' ? String.raw`(?:\.\d+)?` : '';
  const rest = hasTime ? `${fraction}(?:${offset})?` : String.raw`(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:${offset})?)?`;
  return { regex: new RegExp(`^${source}(${rest})$`, 'i'), parts };
}

function groupOf(part: Part, isTight: boolean): string {
  if (part === 'year') return String.raw`(\d{4})`;
  if (part === 'monthName') return `(${[...LONG_MONTHS, ...MONTHS].join('|')}|sept)\\.?`;
  if (part === 'quarter') return 'Q?([1-4])';
  if (part === 'half') return '([AP]\\.?M\\.?)';
  if (part === 'shortYear' || part === 'minute' || part === 'second') return String.raw`(\d\d)`;
  return isTight ? String.raw`(\d\d)` : String.raw`(\d{1,2})`;
}

/** Returns the number of the month; a year and a quarter are their first month. */
function monthOf(found: ReadonlyMap<Part, string>): string {
  const [name, quarter] = [found.get('monthName'), found.get('quarter')];
  if (name !== undefined) return String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
  return quarter === undefined ? (found.get('month') ?? '1') : String(Number(quarter) * 3 - 2);
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
