import type {
  Column,
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  LABEL_FINDINGS,
  type LabelCheck,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  checkTable,
  compileColumnValue,
  concludeRows,
  numericTarget,
  openRecords,
  locationOf,
  tableTask,
} from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { timeSeriesFindings } from './findings.js';
import { checkSchema, findTime, isNamed } from './schema-check.js';
import { TimestampCheck, type PartialTimestamps } from './timestamps.js';

export interface ForecastingOptions {
  /** The column of the moments. Case does not count. */
  timeColumn: string;
}

/** The name under which the table stores the moments, since training reads them by it. */
const STORED = 'timestamp';

export const timeSeriesForecasting: TaskType<ForecastingOptions> = {
  ...tableTask,
  id: 'time_series_forecasting',
  title: 'Time series forecasting',
  summary: 'Predicts the next values of a number from its past.',
  label: { use: 'required', statePolicy: true },
  allowFeatureModification: false,
  fields: {
    type: 'object',
    properties: {
      time_column: {
        type: 'string',
        minLength: 1,
        description: 'The column of the moments, in any case. The table stores it as `timestamp`.',
        default: STORED,
        examples: ['Date'],
      },
    },
    required: [],
  },
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [],
    description:
      'One row for each moment, the oldest first: the moment (`timestamp`), the target, and features, which are numbers.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS.filter(({ code }) => code !== 'one-class'),
    ...TABLE_FINDINGS,
    ...timeSeriesFindings.list,
  ],
  orderedBy: findTime,
  storedNames: ({ timeColumn }) => (isNamed(STORED, timeColumn) ? {} : { [timeColumn]: STORED }),
  records,
  shards: { rows: 'own', conclude },
  detect,
};

const MISSING_TARGET =
  'Write the value of this moment, or one that is estimated from the rows around it. Without the row, the series has a gap.';

/** The check of the target. Rows of a series depend on each other, so that one without a target is better not removed. */
const target: LabelCheck = { ...numericTarget, missingFix: MISSING_TARGET };

/** What a shard passes on of its rows. */
type PartialSeries = {
  rows: JsonValue;
  times: PartialTimestamps | null;
};

async function* records(context: TaskContext<ForecastingOptions>): AsyncGenerator<DatasetRecord[], void> {
  const timestamp = checkSchema(context);
  const rowsPart: JsonValue[] = [];
  const handOn = context.handOn && ((part: JsonValue) => rowsPart.push(part));
  const opened = await openRecords({ ...context, handOn }, target);
  if (!opened) return;
  const rows = checkTable(context, opened, timestamp && [timestamp.name]);
  const options = timestamp && context.dataset.formatOf(timestamp.name);
  const check = timestamp && new TimestampCheck(locationOf(context, timestamp.name), options);
  const checkRow = check && compileRowCheck(context, check, timestamp, rows.at);
  for await (const { records, cells } of rows.batches) {
    if (checkRow) records.forEach((record, index) => checkRow(record, cells[index]!));
    yield records;
  }
  // Rows that the reader could not read are no gaps.
  if (!context.handOn && context.dataset.complete) check?.finish();
  const times = check?.partial() ?? null;
  if (times || rowsPart.length > 0) context.handOn?.({ rows: rowsPart[0] ?? null, times });
}

/** Each shard has checked its own timestamps. This checks the last of each against the first of the next. */
function conclude(parts: readonly JsonValue[], context: ConclusionContext<ForecastingOptions>): void {
  const { report, file, schema, options } = context;
  const check = new TimestampCheck({ report, file, column: findTime(schema, options)!.name });
  const shards = parts.map((part) =>
    // Shards of earlier versions passed on only the timestamps.
    Array.isArray(part) ? { rows: null, times: part as PartialTimestamps } : (part as PartialSeries),
  );
  for (const { times } of shards) if (times) check.merge(times);
  check.finish();
  const rows = shards.map((shard) => shard.rows).filter((part) => part !== null);
  concludeRows(target, rows, context);
}

/** Returns the check of a row. `at` has the indices of the cells, of columns that the manifest has. */
function compileRowCheck(
  context: TaskContext<unknown>,
  check: TimestampCheck,
  timestamp: Column,
  at: ReadonlyMap<string, number>,
) {
  const from = at.get(timestamp.name);
  const valueOf = compileColumnValue(context, timestamp, at, (row) => check.addMissing(row));
  if (from === undefined || !valueOf) return undefined;
  return (record: DatasetRecord, cells: readonly string[]): void => {
    const value = valueOf(record, cells);
    if (value !== null) check.add(value, cells[from]!, record.row);
  };
}
