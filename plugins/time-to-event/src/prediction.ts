import type { DatasetRecord, JsonSchema, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  LABEL_FINDINGS,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  checkTable,
  concludeRows,
  openRecords,
  tableTask,
} from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { EventCheck, eventOf } from './events.js';
import { timeToEventFindings } from './findings.js';
import { compileTimeCheck, findTimeColumn } from './time-column.js';

export interface TimeToEventOptions {
  /** The column that says how long a record was observed. */
  timeColumn: string;
}

const fields: JsonSchema = {
  type: 'object',
  properties: {
    time_column: {
      type: 'string',
      minLength: 1,
      description: 'The column of the times: until the event, or until the observation ended without it.',
      default: 'time',
      examples: ['time'],
    },
  },
  required: [],
};

export const timeToEventPrediction: TaskType<TimeToEventOptions> = {
  ...tableTask,
  id: 'time_to_event_prediction',
  title: 'Time-to-event prediction',
  summary: 'Predicts when an event happens, also from records that were observed without it.',
  label: { use: 'required', statePolicy: true, classes: true },
  allowFeatureModification: false,
  fields,
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [],
    description:
      'One row for each record: its features, how long it was observed, and whether the event occurred (1) or not (0).',
  },
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...TABLE_FINDINGS, ...timeToEventFindings.list],
  records,
  shards: { rows: 'own', conclude: (parts, context) => concludeRows(new EventCheck(), parts, context) },
  detect,
};

async function* records(context: TaskContext<TimeToEventOptions>): AsyncGenerator<DatasetRecord[], void> {
  const column = findTimeColumn(context);
  const opened = await openRecords(context, new EventCheck());
  if (!opened) return;
  const rows = checkTable(context, opened, column && [column.name]);
  const check = column && compileTimeCheck(context, column, rows.at.get(column.name));
  for await (const batch of rows.batches) {
    if (check) batch.records.forEach((record, index) => check(record, batch.cells[index]!));
    for (const record of batch.records) if (record.label !== null) record.label = eventOf(record.label);
    yield batch.records;
  }
}
