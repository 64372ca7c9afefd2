import type { Column, SqlKind, TaskContext } from '@tracebloc/ingestor-contract';
import { isNamed, reportNotNumeric } from '../schema-check.js';
import { sequenceFindings } from './findings.js';
import { readInteger, readMoment, readNumber, type Time } from './time.js';

export interface SequenceOptions {
  /** The column of the sequences' ids. Case does not count. */
  sequenceColumn: string;
  /** The column of the moments or steps. Case does not count. */
  timeColumn: string;
}

/** How times of these kinds are read, from the text that the table gets. */
const READERS: Partial<Record<SqlKind, (value: string) => Time>> = {
  datetime: readMoment,
  integer: readInteger,
  float: readNumber,
  decimal: readNumber,
};

export interface SequenceColumns {
  id: Column;
  time: Column;
  readTime: (value: string) => Time;
}

export const findNamed = (schema: readonly Column[], wanted: string): Column | undefined =>
  schema.find(({ name }) => isNamed(name, wanted));

/** Returns the columns that make rows a sequence. Reports what is wrong with the schema; returns `undefined` if one is missing. */
export function checkSchema(context: TaskContext<SequenceOptions>): SequenceColumns | undefined {
  const { schema, options, dataset, report } = context;
  const { file } = dataset;
  const [id, time] = [options.sequenceColumn, options.timeColumn].map((name) => {
    const column = findNamed(schema, name);
    const message = `The schema has no column called ${name}.`;
    if (!column) sequenceFindings.report(report, 'no-sequence-column', () => ({ message, file, column: name }));
    return column;
  });
  reportNotNumeric(context, [id, time], []);
  const readTime = time && READERS[time.type.kind];
  if (time && !readTime) {
    const message = 'The schema declares the times with a type that is neither TIMESTAMP, DATETIME nor a number.';
    const [column, value] = [time.name, time.type.sql];
    sequenceFindings.report(report, 'sequence-time-type', () => ({
      message,
      file,
      column,
      value,
      expected: 'TIMESTAMP',
    }));
  }
  return id && time && readTime && { id, time, readTime };
}
