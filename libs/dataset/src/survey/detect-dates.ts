import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { hasShortYear, SHORT_YEARS } from '../checks/date-options.js';
import type { ColumnProfiler } from './column-profiler.js';
import type { DateOrder } from './date-styles.js';
import { type DetectedOptions, DOUBT, namesOf } from './detected.js';

/** Finds the options of dates that the columns need. Each column has values. */
export function detectDateOptions(columns: readonly ColumnProfiler[]): DetectedOptions {
  const order = dayOrder(columns);
  const zone = timeZone(columns);
  const formats = new Map(order.formats);
  const languages = new Map<string, string>();
  const alike: string[] = [];
  const doubtful: string[] = [];
  const open = new Set<string>();
  for (const { name, dateStyles } of columns) {
    const { needed, dottedFormat } = dateStyles;
    if (dottedFormat !== undefined) doubtful.push(dottedDoubt(name, dottedFormat));
    if (!needed) continue;
    formats.set(name, needed.format);
    if (needed.language !== undefined) languages.set(name, needed.language);
    if (needed.alike && needed.alike.length > 0)
      alike.push(`${name} may be ${needed.alike.join(', ')} with the same months`);
    if (needed.format === 'excel') {
      open.add('that the numbers are days');
      doubtful.push(
        `The numbers of ${name} are read as days that Excel counts from 1900 on. If they are 1,462 days too early, set \`date_format\` to excel_1904; if they are no dates, remove it.`,
      );
    }
    if (hasShortYear(needed.format)) {
      open.add('the century, because the years have two digits');
      doubtful.push(
        `The years of ${name} have two digits: ${SHORT_YEARS}. If that is wrong, write them with four digits in the file.`,
      );
    }
    if (needed.other === undefined) continue;
    open.add('how the dates are written, because no value decides');
    doubtful.push(
      `No value decides how dates are written in ${name}: they are read as ${needed.format}, and may be ${needed.other}. If they are, set \`date_format\` to that.`,
    );
  }
  const options = [...order.options];
  if (formats.size > 0) {
    const check = open.size > 0 ? `; check ${[...open].join(', and ')}` : '';
    const reason = `how dates are written in these columns${check}`;
    options.push({ name: 'date_format', value: Object.fromEntries(formats), reason });
  }
  if (languages.size > 0) {
    const reason = ['the language of the names of months', ...alike].join('; ');
    options.push({ name: 'date_language', value: Object.fromEntries(languages), reason });
  }
  return { options: [...options, ...zone.options], doubts: [...order.doubts, ...doubtful, ...zone.doubts] };
}

function dottedDoubt(name: string, format: string): string {
  const years = hasShortYear(format) ? ` (${SHORT_YEARS})` : '';
  return `The values of ${name} are stored as text, and may be dates such as 31.1.24. If they are, set \`date_format: {"${name}": "${format}"}\`${years} and declare the column DATE in \`schema\`.`;
}

/** Finds whether the day or the month is first, from the columns that decide; they count for those that do not. */
function dayOrder(columns: readonly ColumnProfiler[]): DetectedOptions & { formats: [string, string][] } {
  const ofOrder = (wanted: DateOrder) => columns.filter(({ dateStyles }) => dateStyles.order === wanted);
  const [days, months, open] = [ofOrder('day'), ofOrder('month'), ofOrder('either')];
  const result = { options: [] as SurveyedOption[], doubts: [] as string[], formats: [] as [string, string][] };
  const dayFirst = (value: boolean, reason: string) => result.options.push({ name: 'day_first', value, reason });

  if (days.length > 0 && months.length > 0) {
    // The option counts for the whole file, so that one of the two needs its own format.
    for (const { name, dateStyles } of days) {
      if (dateStyles.dayFormat !== undefined) result.formats.push([name, dateStyles.dayFormat]);
    }
    if ([...months, ...open].some(({ dateStyles }) => !dateStyles.isUsual)) {
      dayFirst(false, `the month comes first in ${namesOf(months)}`);
    }
    for (const column of open) result.doubts.push(doubtOf([column], false));
  } else if (days.length > 0) {
    dayFirst(true, `the day comes first in ${namesOf(days)}`);
  } else if (months.length > 0) {
    // It is written although it is the default, because it decides for the columns that do not.
    const isNeeded = open.length > 0 || months.some(({ dateStyles }) => !dateStyles.isUsual);
    if (isNeeded) dayFirst(false, `the month comes first in ${namesOf(months)}`);
  } else if (open.length > 0) {
    // The first of every month is likelier than the first days of one January.
    const isFirst = open.every(({ dateStyles }) => dateStyles.isFirstOfMonth);
    const isUsual = open.every(({ dateStyles }) => dateStyles.isUsual);
    const isDay = isFirst || !isUsual;
    if (isDay) dayFirst(true, `the day comes first in ${namesOf(open)}${DOUBT}`);
    result.doubts.push(doubtOf(open, isDay));
  }
  return result;
}

function doubtOf(columns: readonly ColumnProfiler[], isDayFirst: boolean): string {
  const [read, other] = isDayFirst ? ['1 February', '2 January'] : ['2 January', '1 February'];
  return `No value decides between day and month in ${namesOf(columns)}: 01/02 is read as ${read}, and may be ${other}. If it is, set \`day_first: ${!isDayFirst}\`.`;
}

/** Finds the time zone of local times among which an hour comes twice. */
function timeZone(columns: readonly ColumnProfiler[]): DetectedOptions {
  const local = columns.filter(({ localTimes }) => localTimes);
  const stepping = local.flatMap((column) => {
    const zones = column.localTimes!.findZones();
    return zones.length > 0 ? [{ column, zones }] : [];
  });
  const [first] = stepping;
  if (!first) return { options: [], doubts: [] };
  const names = namesOf(stepping.map(({ column }) => column));
  const common = first.zones.filter((zone) => stepping.every(({ zones }) => zones.includes(zone)));
  const [zone, ...others] = common;
  // The option counts for all columns of times, and one that is in no order cannot be read with it.
  if (zone !== undefined && others.length === 0 && local.every(({ localTimes }) => !localTimes!.isOver)) {
    const reason = `an hour comes twice in ${names} as it does there at the end of summer time; a zone with the same clock is as good`;
    return { options: [{ name: 'time_zone', value: zone, reason }], doubts: [] };
  }
  const list = common.length > 0 ? common.join(', ') : first.zones.join(', ');
  const doubt = `An hour comes twice in ${names}, as at the end of summer time in ${list}. Set \`time_zone\` below \`spec.csv_options\`, so that the times keep their order.`;
  return { options: [], doubts: [doubt] };
}
