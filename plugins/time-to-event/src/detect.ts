import type {
  ColumnProfile,
  Detection,
  JsonObject,
  ManifestProfile,
  Misfit,
  Survey,
} from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { isInverseName, meaningOf, type Meaning, wordsOf } from './event-words.js';
import { findInterval, isMoment, type SurveyedInterval } from './detect-interval.js';
import { STORED } from './options.js';
import { NUMERIC } from './time-column.js';

/** The usual words in the names of columns, the likelier first. */
const TIME_WORDS = ['time', 'duration', 'survival', 'tenure', 'days', 'weeks', 'months', 'years', 'hours'];
const EVENT_WORDS = ['event', 'status', 'dead', 'death', 'died', 'failed', 'failure', 'relapse', 'observed'];
/** Words that name an event if there are the dates of a start and an end too. */
const ENDING_WORDS = ['cancelled', 'canceled', 'churned', 'churn', 'closed', 'left'];

/** A column that says whether the event was seen. */
interface EventColumn {
  column: ColumnProfile;
  meaning: Meaning;
}

/** Recognises a table by the name of a column of times and that of a column of events, unless the user named the label. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | Misfit> {
  if (!manifest) return { reason: 'there is no table', fix: 'Write the data into a table, such as a CSV file.' };
  const { columns, rows } = manifest;
  const [time] = likeliest(TIME_WORDS, columns.filter(isTime));
  const interval = time ? undefined : findInterval(columns);
  const events = eventsOf(columns, label, interval !== undefined);
  const [event] = events;
  if (!event) return withoutEvent(label);
  if (!time && !interval) return withoutTime(columns, event);
  const observed = time
    ? `a time, ${time.name}`
    : `the dates of a start, ${interval!.from.name}, and an end, ${interval!.to.name}`;
  return {
    fit: isSure(event, time !== undefined, label) ? 'likely' : 'possible',
    found: `a table of ${rows.toLocaleString('en-US')} rows with ${observed}, and an event, ${event.column.name}`,
    manifest: doubted(manifest, event, interval),
    labels: events.filter(({ meaning }) => isSame(meaning, event.meaning)).map(({ column }) => column.name),
    schema: columns.map(({ name }) => name).filter((name) => !interval || name.trim().toLowerCase() !== STORED),
    fields: { ...(interval ? interval.fields : timeField(time!)), ...eventField(event) },
    fileOptions: {},
    ...(interval && { comments: { time_column: describe(interval) } }),
  };
}

/** Returns the comment on the dates. */
function describe({ fields: { time_column: time } }: SurveyedInterval): string {
  const isProposed = (time as JsonObject).observed_until !== undefined;
  const until = isProposed ? ' `observed_until` is the latest date of the file: write the day of the export.' : '';
  return `The table stores the time between both as \`time\`.${until}`;
}

/** Whether two columns need the same `event_values`, so that either may be the label. */
const isSame = ({ values: one }: Meaning, { values: other }: Meaning): boolean =>
  one?.event === other?.event && one?.censored === other?.censored;

const timeField = ({ name }: ColumnProfile): JsonObject => (name === STORED ? {} : { time_column: name });

function eventField({ meaning: { values } }: EventColumn): JsonObject {
  return values ? { event_values: { ...values } } : {};
}

/** Whether the data is usually meant so. Names that the user gives count for numbers 0 and 1 with a time. */
function isSure({ column, meaning }: EventColumn, hasTime: boolean, label: string | undefined): boolean {
  if (meaning.values && isInverseName(column.name)) return false;
  if (hasTime && !meaning.values && label !== undefined) return true;
  return rankOf([...EVENT_WORDS, ...(hasTime ? [] : ENDING_WORDS)], column) !== -1;
}

/** Adds what no value of the table decides. */
function doubted(
  manifest: ManifestProfile,
  event: EventColumn,
  interval: SurveyedInterval | undefined,
): ManifestProfile {
  const doubts = [...(manifest.doubts ?? []), ...(interval?.doubts ?? [])];
  const { column, meaning } = event;
  if (meaning.doubt !== undefined) {
    doubts.push(`${column.name}: ${meaning.doubt} If it is the opposite, exchange the two in \`event_values\`.`);
  }
  const columns = interval ? manifest.columns.map((one) => interval.typed.get(one.name) ?? one) : manifest.columns;
  return { ...manifest, columns, ...(doubts.length > 0 && { doubts }) };
}

const NO_TIME: Misfit = {
  reason: 'no column of numbers without gaps is called like a time: time, duration, tenure, days and the like',
  fix: 'Write how long each record was observed, as a number such as that of days, into a column called time.',
};

/** Says what is missing. Columns of numbers and dates may be the time although their names do not say so. */
function withoutTime(columns: readonly ColumnProfile[], event: EventColumn): Misfit {
  const times = columns.filter((column) => column !== event.column && isTime(column));
  const dates = columns.filter(isMoment);
  const ways = [
    ...(times.length > 0 ? ['one of the columns of numbers is that time, write `time_column: <column>`'] : []),
    ...(dates.length > 1
      ? [
          'two columns are the dates of the start and the end, write `time_column: { from: <start>, to: <end>, unit: days }`',
        ]
      : []),
  ];
  const fixes = ways.map((way) => ` If ${way} into an \`ingest.yaml\` of your own.`);
  return { ...NO_TIME, fix: `${NO_TIME.fix}${fixes.join('')}` };
}

function withoutEvent(label: string | undefined): Misfit {
  if (label !== undefined) {
    const fix = `Write 1 into ${label} if the event was seen, and 0 if the record was observed without it.`;
    return { reason: `its label, ${label}, does not hold 0 and 1`, fix };
  }
  return {
    reason: 'no column of 0 and 1 is called like an event: event, status, death, failure and the like',
    fix: 'Name the column of the events with --label <column>: 1 if the event was seen, 0 if the record was observed without it.',
  };
}

function isTime({ sql, missing }: ColumnProfile): boolean {
  return missing === 0 && NUMERIC.includes(parseSqlType(sql).kind);
}

/** Returns the columns that may say whether the event was seen, the likelier first. */
function eventsOf(columns: readonly ColumnProfile[], label: string | undefined, hasDates: boolean): EventColumn[] {
  const readable = columns.flatMap((column): EventColumn[] => {
    const meaning = meaningOf(column.name, column.values ?? []);
    return meaning ? [{ column, meaning }] : [];
  });
  if (label !== undefined) return readable.filter(({ column }) => column.name === label);
  const words = [...EVENT_WORDS, ...(hasDates ? ENDING_WORDS : [])];
  const named = likeliest(
    words,
    readable.map(({ column }) => column),
  );
  const inverse = readable.map(({ column }) => column).filter((one) => isInverseName(one.name) && !named.includes(one));
  return [...named, ...inverse].map((one) => readable.find(({ column }) => column === one)!);
}

const rankOf = (words: readonly string[], { name }: ColumnProfile): number => {
  const held = wordsOf(name);
  return words.findIndex((word) => held.includes(word));
};

/** Returns the columns whose names have one of the words, in the order of the words. */
function likeliest(words: readonly string[], columns: readonly ColumnProfile[]): ColumnProfile[] {
  return columns
    .map((column) => ({ column, rank: rankOf(words, column) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank)
    .map(({ column }) => column);
}
