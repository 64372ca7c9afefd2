import {
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  OptionError,
  type RawOptions,
} from '@tracebloc/ingestor-contract';

/** The units of durations, and their milliseconds. Months and years are absent: they have different lengths. */
export const UNITS = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
} as const;
type Unit = keyof typeof UNITS;

/** The name under which the table stores durations between two dates. */
export const STORED = 'time';

/** Two columns of dates, between which a record was observed. */
export interface Interval {
  from: string;
  to: string;
  unit: Unit;
  /** The end of the observation of records that have no end of their own, which are censored. */
  observedUntil?: string;
}

/** The texts of the event column that mean the event, and those that mean censored. */
export interface EventValues {
  event: readonly string[];
  censored: readonly string[];
}

export interface TimeToEventOptions {
  /** The column that says how long a record was observed, by its name in the table. */
  timeColumn: string;
  /** Is absent if the file has a column of times. */
  interval?: Interval;
  /** Is absent if the events are 0 and 1. */
  eventValues?: EventValues;
}

const dateColumn = (description: string, example: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  description,
  examples: [example],
});

const values = (description: string, example: JsonValue): JsonSchema => ({
  type: ['string', 'number', 'boolean', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: ['string', 'number', 'boolean'], minLength: 1 },
  description,
  examples: [example],
});

export const fields: JsonSchema = {
  type: 'object',
  properties: {
    time_column: {
      type: ['string', 'object'],
      minLength: 1,
      properties: {
        from: dateColumn(
          'The column of the dates or moments at which the observation of a record began.',
          'start_date',
        ),
        to: dateColumn(
          'The column of the dates or moments of the event, or of the end of the observation.',
          'end_date',
        ),
        unit: { enum: Object.keys(UNITS), description: 'The unit of the durations.', examples: ['days'] },
        observed_until: {
          type: 'string',
          minLength: 1,
          description:
            'The day or moment until which records with an empty end were observed without the event. Default: an empty end is an error.',
          examples: ['2024-12-31'],
        },
      },
      required: ['from', 'to', 'unit'],
      additionalProperties: false,
      description:
        'The column of the times: until the event, or until the observation ended without it. Or two columns of dates, and the unit of the time between them, which the table stores as `time`.',
      default: STORED,
      examples: ['time', { from: 'start_date', to: 'end_date', unit: 'days' }],
    },
    event_values: {
      type: 'object',
      properties: {
        event: values('The value, or the values, of rows whose event was seen.', 2),
        censored: values('The value, or the values, of rows that were observed without the event.', 1),
      },
      required: ['event', 'censored'],
      additionalProperties: false,
      description:
        'How the label says whether the event was seen, without regard to case. Default: 1 if it was, 0 if not.',
      examples: [
        { event: 2, censored: 1 },
        { event: 'dead', censored: ['alive', 'lost'] },
      ],
    },
  },
  required: [],
};

/** Makes the task's options. Throws an `OptionError` for what the schema cannot refuse. */
export function resolve({ fields: { time_column: time, event_values: events } }: RawOptions): TimeToEventOptions {
  return {
    ...(typeof time === 'string'
      ? { timeColumn: time }
      : { timeColumn: STORED, interval: intervalOf(time as unknown as GivenInterval) }),
    ...(events !== undefined && { eventValues: eventValuesOf(events as JsonObject) }),
  };
}

/** What the schema of `time_column` allows beside a name. */
type GivenInterval = Omit<Interval, 'observedUntil'> & { observed_until?: string };

function intervalOf({ observed_until: until, ...interval }: GivenInterval): Interval {
  if (interval.from.trim().toLowerCase() === interval.to.trim().toLowerCase()) {
    throw new OptionError('time_column', 'begins and ends with the same column', 'Name the column of the end in `to`.');
  }
  if (until === undefined) return interval;
  if (isMoment(until)) return { ...interval, observedUntil: until };
  const fix = 'Write a day, such as 2024-12-31, or a moment, such as 2024-12-31 18:00:00.';
  throw new OptionError('time_column.observed_until', `\`${until}\` is not a valid day or moment`, fix);
}

function isMoment(text: string): boolean {
  const [, date, clock = ' 00:00'] = /^(\d{4}-\d\d-\d\d)( \d\d:\d\d(?::\d\d)?)?$/.exec(text) ?? [];
  const time = Date.parse(`${date}T${clock.trim()}Z`);
  // The parser of JavaScript reads 30 February as 1 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date!);
}

function eventValuesOf({ event, censored }: JsonObject): EventValues {
  const texts = (given: JsonValue | undefined) => [given].flat().map(String);
  const declared = { event: texts(event), censored: texts(censored) };
  const both = declared.censored.find((text) => declared.event.some((other) => comparable(text) === comparable(other)));
  if (both === undefined) return declared;
  const fix = 'Write each value once, for example `{ event: 2, censored: 1 }`.';
  throw new OptionError('event_values', `takes \`${both}\` both for the event and for censored`, fix);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Returns one text for each value: numbers are equal by their value, and words without regard to case. */
export function comparable(text: string): string {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? String(Number(trimmed)) : trimmed.toLowerCase();
}
