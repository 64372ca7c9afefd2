import type { Column, SqlKind, TaskContext } from '@tracebloc/ingestor-contract';
import { timeSeriesFindings } from './findings.js';
import type { ForecastingOptions } from './forecasting.js';

/** The kinds that a table stores as numbers. A BOOLEAN is 0 or 1. */
export const NUMERIC: readonly SqlKind[] = ['integer', 'float', 'decimal', 'boolean'];

/** Whether two names are the same but for case and surrounding space. */
export const isNamed = (name: string, other: string): boolean =>
  name.trim().toLowerCase() === other.trim().toLowerCase();

/** Returns the column of the moments, if the schema lists it. */
export function findTime(schema: readonly Column[], { timeColumn }: ForecastingOptions): Column | undefined {
  return schema.find(({ name }) => isNamed(name, timeColumn));
}

const isMoment = ({ type }: Column): boolean => type.kind === 'datetime' || type.kind === 'date';

/**
 * Returns the column of the timestamps if its values can be compared, even if it is not TIMESTAMP. Reports what is wrong
 * with the schema of a series.
 */
export function checkSchema(context: TaskContext<ForecastingOptions>): Column | undefined {
  const { schema, options } = context;
  const timestamp = findTime(schema, options);
  // A column of moments with another name is most likely meant. Its other errors are then reported too.
  const time = timestamp ?? schema.find(isMoment);
  if (!timestamp) reportNoTimestamp(context, time);
  else if (timestamp.type.name !== 'TIMESTAMP') reportType(context, timestamp);
  const { label } = context;
  const targets = schema.filter(({ name }) => name.toLowerCase() === label?.toLowerCase());
  reportNotNumeric(context, [time], targets);
  return time && isMoment(time) ? time : undefined;
}

function reportNoTimestamp(
  { dataset, report, options: { timeColumn } }: TaskContext<ForecastingOptions>,
  meant: Column | undefined,
): void {
  timeSeriesFindings.report(report, 'no-timestamp-column', () => ({
    message: `The schema has no column called ${timeColumn}.${meant ? ` Is it "${meant.name}"?` : ''}`,
    file: dataset.file,
    column: meant?.name,
    expected: `${timeColumn}: TIMESTAMP`,
    ...(meant && { fix: `Set \`time_column: ${JSON.stringify(meant.name)}\`, and declare the column TIMESTAMP.` }),
  }));
}

function reportType({ dataset, report }: TaskContext<unknown>, { name, type }: Column): void {
  timeSeriesFindings.report(report, 'timestamp-type', () => ({
    message: 'The schema declares the timestamp with another type than TIMESTAMP.',
    file: dataset.file,
    column: name,
    value: type.sql,
    expected: 'TIMESTAMP',
  }));
}

/** Reports features, and targets, that are not numeric. `others` are columns that are neither. */
export function reportNotNumeric(
  { columns, dataset, report }: TaskContext<unknown>,
  others: readonly (Column | undefined)[],
  targets: readonly Column[],
): void {
  const features = columns.filter(({ name, source = name }) => others.every((other) => other?.name !== source));
  for (const column of [...features, ...targets]) {
    const { type, name: stored, source: name = stored } = column;
    if (NUMERIC.includes(type.kind)) continue;
    timeSeriesFindings.report(report, 'not-numeric-column', () => ({
      message: `The ${targets.includes(column) ? 'target' : 'feature'} must be numeric, but the schema declares it ${type.sql}.`,
      file: dataset.file,
      column: name,
      value: type.sql,
      expected: 'a numeric type, such as INT, FLOAT or DECIMAL(10,2)',
    }));
  }
}
