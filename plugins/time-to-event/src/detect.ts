import type { ColumnProfile, Detection, Survey } from '@tracebloc/ingestor-contract';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { NUMERIC } from './time-column.js';

/** The usual words in the names of columns, the likelier first. */
const TIME_WORDS = ['time', 'duration', 'survival', 'tenure', 'days', 'weeks', 'months', 'years', 'hours'];
const EVENT_WORDS = ['event', 'status', 'dead', 'death', 'died', 'failed', 'failure', 'relapse', 'observed'];
/** This word means the opposite of an event. */
const INVERSE = 'censored';

/** Recognises a table by the name of a column of times and that of a column of events, unless the user named the label. */
export async function detect({ manifests: [manifest] }: Survey, label?: string): Promise<Detection | undefined> {
  if (!manifest) return undefined;
  const { columns, rows } = manifest;
  const [time] = likeliest(TIME_WORDS, columns.filter(isTime));
  const flags = columns.filter(isFlag);
  const events =
    label === undefined ? likeliest([...EVENT_WORDS, INVERSE], flags) : flags.filter(({ name }) => name === label);
  const [event] = events;
  if (!time || !event) return undefined;
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
