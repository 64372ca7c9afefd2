import type { Cell, Column, DatasetRecord, TaskContext } from '@tracebloc/ingestor-contract';
import { compileMissing, locationOf, type OpenRecords, type RecordBatch } from '@tracebloc/ingestor-dataset';
import type { Event } from './events.js';
import { timeToEventFindings } from './findings.js';
import { type Interval, type TimeToEventOptions, UNITS } from './options.js';

type Context = TaskContext<TimeToEventOptions>;

/** The two columns of an interval, as the schema declares them. */
interface Dates {
  interval: Interval;
  from: Column;
  to: Column;
}

/** Returns the columns of the dates if both can be compared. Otherwise reports why not. */
export function findDates(context: Context, interval: Interval): Dates | undefined {
  const { schema, dataset, report } = context;
  const find = (wanted: string): Column | undefined => {
    const column = schema.find(({ name }) => isNear(name, wanted));
    if (!column) {
      timeToEventFindings.report(report, 'no-time-column', () => ({
        message: 'The schema does not list the column, which `time_column` names.',
        file: dataset.file,
        column: wanted,
        expected: `${wanted}: DATE in the schema`,
      }));
    }
    return column;
  };
  const [from, to] = [find(interval.from), find(interval.to)];
  if (!from || !to) return undefined;
  const isUntilMoment = interval.observedUntil?.includes(':');
  const wanted = from.type.kind === 'datetime' ? 'datetime' : 'date';
  const wrong = [from, to].filter(({ type }) => type.kind !== wanted);
  for (const { name, type } of wrong) {
    timeToEventFindings.report(report, 'time-not-a-date', () => ({
      message: 'The two columns of the time must be dates, or both moments.',
      file: dataset.file,
      column: name,
      value: type.sql,
      expected: wanted === 'date' ? 'DATE' : `${from.type.sql}, as ${from.name} is`,
    }));
  }
  if (wrong.length > 0) return undefined;
  if (isUntilMoment && wanted === 'date') {
    timeToEventFindings.report(report, 'time-not-a-date', () => ({
      message: 'The `observed_until` of dates must be a day.',
      file: dataset.file,
      value: interval.observedUntil,
      expected: 'a day, such as 2024-12-31',
      fix: 'Remove the time of day from `observed_until`, or declare both columns TIMESTAMP.',
    }));
    return undefined;
  }
  return { interval, from, to };
}

/** Returns the context in which the records have both dates: that of the start comes last, and is not stored. */
export function withStart<Ctx extends Context>(context: Ctx, { from }: Dates): Ctx {
  return { ...context, columns: [...context.columns, { ...from, source: from.name }] };
}

/** Replaces the end of each record by the time from its start, in the records of a context that `withStart` returned. */
export function withDurations(
  context: Context,
  rows: OpenRecords,
  dates: Dates,
  eventOf: (label: string) => Event | undefined,
): OpenRecords {
  const from = context.columns.length;
  const to = context.columns.findIndex(({ name, source = name }) => source === dates.to.name);
  const fill = compileDuration(context, rows, dates);
  async function* batches(): AsyncGenerator<RecordBatch, void> {
    for await (const batch of rows.batches) {
      for (const [index, record] of batch.records.entries()) {
        const event = record.label === null ? undefined : eventOf(record.label);
        const values = record.values.slice(0, from);
        values[to] = fill(record, record.values[from] ?? null, values[to] ?? null, event, batch.cells[index]!);
        record.values = values;
      }
      yield batch;
    }
  }
  return { ...rows, batches: batches() };
}

function compileDuration(context: Context, { at }: OpenRecords, { interval, from, to }: Dates) {
  const { report } = context;
  const isMissing = compileMissing(context.dataset.missingOf(to.name));
  const isStartMissing = compileMissing(context.dataset.missingOf(from.name));
  const [fromCell, toCell] = [at.get(from.name), at.get(to.name)];
  const [start, end] = [locationOf(context, from.name), locationOf(context, to.name)];
  const about = ({ file, column }: typeof start, { row }: DatasetRecord) => ({ file, column, row });
  const until = interval.observedUntil;
  const untilTime = until === undefined ? undefined : timeOf(until);

  return (
    record: DatasetRecord,
    startValue: Cell,
    endValue: Cell,
    event: Event | undefined,
    cells: readonly string[],
  ): Cell => {
    // A column that the file does not have has been reported, and so has a cell that holds another text.
    if (fromCell === undefined || toCell === undefined) return null;
    const [startText, endText] = [cells[fromCell]!, cells[toCell]!];
    if (startValue === null) {
      if (isStartMissing(startText) && !from.type.notNull) {
        timeToEventFindings.report(report, 'missing-time', () => ({
          message: 'The row has no start.',
          ...about(start, record),
          expected: 'a date',
          fix: 'Fill in the start, or remove the row.',
        }));
      }
      return null;
    }
    if (endValue === null && (!isMissing(endText) || to.type.notNull)) return null;
    if (endValue === null && event === '1') {
      timeToEventFindings.report(report, 'event-without-end', () => ({
        message: 'The row has the event, but no end.',
        ...about(end, record),
        expected: 'the date of the event',
      }));
      return null;
    }
    if (endValue === null && untilTime === undefined) {
      timeToEventFindings.report(report, 'missing-time', () => ({
        message: 'The row has no end.',
        ...about(end, record),
        expected: 'a date, or `observed_until`',
        fix: 'If the record was still observed without the event, state until when: add `observed_until: <date>` to `time_column`, for example the day of the export. Otherwise fill in the end.',
      }));
      return null;
    }
    const endTime = endValue === null ? untilTime! : timeOf(endValue);
    if (endValue !== null && untilTime !== undefined && endTime > untilTime) {
      timeToEventFindings.report(report, 'late-end', () => ({
        message: 'The end is later than `observed_until`.',
        ...about(end, record),
        value: endText,
        expected: `${until} or earlier`,
      }));
    }
    const time = (endTime - timeOf(startValue)) / UNITS[interval.unit];
    if (time >= 0) return String(time);
    timeToEventFindings.report(report, 'negative-time', () => ({
      message: `The end is before the start, which is in the column ${from.name}.`,
      ...about(end, record),
      value: endValue === null ? until : endText,
      expected: 'the start or later',
      fix:
        endValue === null
          ? 'Set `observed_until` of `time_column` to the end of the observation, or correct the start.'
          : 'Correct the dates, exchange `from` and `to` of `time_column`, or say with `spec.csv_options.day_first` whether the day or the month is first.',
    }));
    return null;
  };
}

const isNear = (name: string, other: string): boolean => name.trim().toLowerCase() === other.trim().toLowerCase();

/** Returns the milliseconds since 1970 of `YYYY-MM-DD[ HH:MM[:SS[.ffffff]]]`. */
function timeOf(value: string): number {
  const at = (from: number, to: number): number => Number(value.slice(from, to));
  const seconds = Date.UTC(at(0, 4), at(5, 7) - 1, at(8, 10), at(11, 13), at(14, 16), at(17, 19));
  return seconds + Number(`0${value.slice(19)}`) * 1000;
}
