import { type ColumnProfile, type JsonObject, parseSqlType } from '@tracebloc/ingestor-contract';
import { wordsOf } from './event-words.js';

/** The usual words in the names of the dates of a start and an end, the likelier first. */
const START_WORDS = [
  ...['start', 'started', 'begin', 'began', 'from', 'entry', 'entered', 'enrolled', 'enrollment', 'signup', 'joined'],
  ...['opened', 'admission', 'admitted', 'diagnosis', 'diagnosed', 'hired', 'installed', 'created', 'birth', 'born'],
];
const END_WORDS = [
  ...['end', 'ended', 'stop', 'stopped', 'until', 'to', 'exit', 'left', 'closed', 'discharge', 'discharged'],
  ...['death', 'died', 'cancelled', 'canceled', 'churned', 'failure', 'failed', 'event', 'last'],
];

/** Two columns of dates that are the start and the end of records. */
export interface SurveyedInterval {
  from: ColumnProfile;
  to: ColumnProfile;
  fields: JsonObject;
  /** Both columns with one type. */
  typed: ReadonlyMap<string, ColumnProfile>;
  doubts: readonly string[];
}

export const isMoment = ({ sql }: ColumnProfile): boolean => ['date', 'datetime'].includes(parseSqlType(sql).kind);

/** Returns the columns of the start and the end, if their names say so and each record has a start. */
export function findInterval(columns: readonly ColumnProfile[]): SurveyedInterval | undefined {
  const dates = columns.filter(isMoment);
  const to = firstOf(END_WORDS, dates);
  const from = firstOf(
    START_WORDS,
    dates.filter((column) => column !== to && column.missing === 0),
  );
  if (!from || !to) return undefined;
  const sql = from.sql === to.sql ? from.sql : momentSql([from.sql, to.sql]);
  const until = to.missing > 0 ? latestOf(from, to) : undefined;
  return {
    from,
    to,
    fields: {
      time_column: {
        from: from.name,
        to: to.name,
        unit: 'days',
        ...(until !== undefined && { observed_until: until }),
      },
    },
    typed: new Map([from, to].map((column) => [column.name, { ...column, sql }])),
    doubts: to.missing > 0 ? [openEnds(to.name, until !== undefined)] : [],
  };
}

/** Returns the latest date of the file, to the second, unless that is in the future and so no end of an observation. */
function latestOf(from: ColumnProfile, to: ColumnProfile): string | undefined {
  const [latest] = [from.latest ?? '', to.latest ?? ''].sort().reverse() as [string, string];
  const [whole, fraction = ''] = latest.split('.') as [string, string?];
  const time =
    Date.parse(`${whole.replace(' ', 'T')}${whole.includes(' ') ? 'Z' : ''}`) + (Number(fraction) > 0 ? 1000 : 0);
  if (Number.isNaN(time) || time > Date.now()) return undefined;
  const text = new Date(time).toISOString();
  return whole.includes(' ') ? text.slice(0, 19).replace('T', ' ') : text.slice(0, 10);
}

/** Says what is assumed of the records without an end, and what else they may be. */
function openEnds(name: string, isProposed: boolean): string {
  return isProposed
    ? `${name} is empty in some rows. They are read as observed without the event until the latest date of the file, which is \`observed_until\`. If the file was exported later, write that day. If the end of these rows is not known, remove the rows.`
    : `${name} is empty in some rows. If these were still observed without the event, add \`observed_until: <date>\` to \`time_column\`, for example the day of the export; \`validate\` refuses them until then.`;
}

/** Returns the type of moments with the decimals of either type. A date is a moment at midnight. */
function momentSql(types: readonly string[]): string {
  return (
    types.filter((sql) => parseSqlType(sql).kind === 'datetime').sort((a, b) => b.length - a.length)[0] ?? types[0]!
  );
}

function firstOf(words: readonly string[], columns: readonly ColumnProfile[]): ColumnProfile | undefined {
  const ranked = columns.map((column) => {
    const held = wordsOf(column.name);
    return { column, rank: words.findIndex((word) => held.includes(word)) };
  });
  return ranked.filter(({ rank }) => rank !== -1).sort((a, b) => a.rank - b.rank)[0]?.column;
}
