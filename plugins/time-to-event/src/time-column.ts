import type { Column, DatasetRecord, SqlKind, TaskContext } from '@tracebloc/ingestor-contract';
import { compileMissing, makeFinding, locationOf } from '@tracebloc/ingestor-dataset';
import { timeToEventFindings } from './findings.js';
import type { TimeToEventOptions } from './options.js';

/** The kinds of columns that can hold a time. */
export const NUMERIC: readonly SqlKind[] = ['integer', 'float', 'decimal'];

/** The kinds of dates and moments. */
const MOMENTS: readonly SqlKind[] = ['date', 'datetime'];

/** Returns the column of the times if the schema declares it as a number. Otherwise reports why not. */
export function findTimeColumn(context: TaskContext<TimeToEventOptions>): Column | undefined {
  const { columns, options, label, dataset, report } = context;
  const { timeColumn } = options;
  const { file } = dataset;
  // Two names of a schema never differ only in case.
  const column = columns.find(({ name }) => isNear(name, timeColumn));
  if (!column) {
    const isLabel = label !== undefined && isNear(label, timeColumn);
    timeToEventFindings.report(report, 'no-time-column', () => ({
      message: isLabel ? 'The time column is also the label.' : 'The schema does not list the time column.',
      file,
      column: timeColumn,
      expected: isLabel ? 'one column for the time and one for the event' : `${timeColumn}: FLOAT in the schema`,
    }));
    return undefined;
  }
  const { name, type } = column;
  if (name !== timeColumn) {
    const message = 'The time column is in the schema under a name that differs in case or surrounding space.';
    report.add(
      makeFinding('column-name-differs', { message, file, column: timeColumn, value: name, expected: timeColumn }),
    );
  }
  if (NUMERIC.includes(type.kind)) return column;
  timeToEventFindings.report(report, 'time-not-numeric', () => ({
    message: `The time must be numeric, but the schema declares it ${type.sql}.`,
    file,
    column: name,
    value: type.sql,
    expected: 'a numeric type, such as INT or FLOAT',
    ...(MOMENTS.includes(type.kind) && { fix: betweenDates(name, context) }),
  }));
  return undefined;
}

/** Returns the fix of a time that is a date: the table can store the time between two. */
function betweenDates(name: string, { schema }: TaskContext<unknown>): string {
  const [start, ...others] = schema.filter((column) => column.name !== name && MOMENTS.includes(column.type.kind));
  const from = start && others.length === 0 ? JSON.stringify(start.name) : '<the column of the start>';
  return `If it is the end of each record, name the start too: \`time_column: { from: ${from}, to: ${JSON.stringify(name)}, unit: days }\`. The table then stores the days between them. If an empty end means that the record was still observed without the event, add \`observed_until: <date>\`.`;
}

const isNear = (name: string, other: string): boolean => name.trim().toLowerCase() === other.trim().toLowerCase();

/** Returns the check of a row's time. `from` is its index in the cells, if the manifest has it. */
export function compileTimeCheck(
  context: TaskContext<TimeToEventOptions>,
  { name, type }: Column,
  from: number | undefined,
): ((record: DatasetRecord, cells: readonly string[]) => void) | undefined {
  if (from === undefined) return undefined;
  const to = context.columns.findIndex((column) => column.name === name);
  const isMissing = compileMissing(context.dataset.missingOf(name));
  const { report, ...location } = locationOf(context, name);
  return ({ row, values }, cells) => {
    const time = values[to] ?? null;
    const written = cells[from]!;
    if (time !== null) {
      if (Number(time) >= 0) return;
      timeToEventFindings.report(report, 'negative-time', () => ({
        message: 'The time is negative.',
        ...location,
        row,
        value: written,
        expected: '0 or more',
      }));
    } else if (!type.notNull && isMissing(written)) {
      // Any other null has been reported as a value that does not fit its type.
      timeToEventFindings.report(report, 'missing-time', () => ({
        message: 'The row has no time.',
        ...location,
        row,
        expected: 'a number, 0 or more',
      }));
    }
  };
}
