import type { ColumnProfile, Detection, Misfit, Survey } from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { NUMERIC } from './time-column.js';

/** The usual words in the names of columns, the likelier first. */
const TIME_WORDS = ['time', 'duration', 'survival', 'tenure', 'days', 'weeks', 'months', 'years', 'hours'];
const EVENT_WORDS = ['event', 'status', 'dead', 'death', 'died', 'failed', 'failure', 'relapse', 'observed'];
/** This word means the opposite of an event. */
const INVERSE = 'censored';

/** Recognises a table by the name of a column of times and that of a column of events, unless the user named the label. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | Misfit> {
  if (!manifest) return { reason: 'there is no table', fix: 'Write the data into a table, such as a CSV file.' };
  const { columns, rows } = manifest;
  const [time] = likeliest(TIME_WORDS, columns.filter(isTime));
  const flags = columns.filter(isFlag);
  const events =
    label === undefined ? likeliest([...EVENT_WORDS, INVERSE], flags) : flags.filter(({ name }) => name === label);
  const [event] = events;
  if (!event) return withoutEvent(label);
  if (!time) return NO_TIME;
  const isInverse = wordsOf(event).includes(INVERSE);
  return {
    fit: isInverse ? 'possible' : 'likely',
    found:
      `a table of ${rows.toLocaleString('en-US')} rows with a time, ${time.name}, and an event, ${event.name}` +
      (isInverse ? ', in which 1 must mean that the event was seen' : ''),
    manifest,
    labels: events.map(({ name }) => name),
    schema: columns.map(({ name }) => name),
    fields: time.name === 'time' ? {} : { time_column: time.name },
    fileOptions: {},
  };
}

const NO_TIME: Misfit = {
  reason: 'no column of numbers without gaps is called like a time: time, duration, tenure, days and the like',
  fix: 'Write how long each record was observed, as a number such as that of days, into a column called time.',
};

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

function isFlag({ values = [] }: ColumnProfile): boolean {
  const numbers = new Set(values.map(Number));
  return numbers.size === 2 && numbers.has(0) && numbers.has(1);
}

/** Returns the columns whose names have one of the words, in the order of the words. */
function likeliest(words: readonly string[], columns: readonly ColumnProfile[]): ColumnProfile[] {
  const ranked = columns.map((column) => {
    const held = wordsOf(column);
    return { column, rank: words.findIndex((word) => held.includes(word)) };
  });
  return ranked
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank)
    .map(({ column }) => column);
}

/** Returns the words of a name: `DEATH_EVENT` and `deathEvent` are `death` and `event`. */
function wordsOf({ name }: ColumnProfile): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}
