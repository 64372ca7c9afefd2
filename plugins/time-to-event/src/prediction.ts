import type { Column, DatasetRecord, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
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
import { findDates, withDurations, withStart } from './durations.js';
import { EventCheck, compileEvents } from './events.js';
import { timeToEventFindings } from './findings.js';
import { fields, resolve, STORED, type TimeToEventOptions } from './options.js';
import { compileTimeCheck, findTimeColumn } from './time-column.js';

export const timeToEventPrediction: TaskType<TimeToEventOptions> = {
  ...tableTask,
  id: 'time_to_event_prediction',
  title: 'Time-to-event prediction',
  summary: 'Predicts when an event happens, also from records that were observed without it.',
  label: { use: 'required', statePolicy: true, classes: true },
  allowFeatureModification: false,
  fields,
  resolve,
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [],
    description:
      'One row for each record: features, a time or two dates, and whether the event occurred (1) or not (0).',
  },
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...TABLE_FINDINGS, ...timeToEventFindings.list],
  storedNames: ({ interval }) => (interval ? { [interval.to]: STORED } : {}),
  storedTypes: ({ interval }) => (interval ? { [interval.from]: null, [interval.to]: 'DOUBLE' } : {}),
  records,
  shards: {
    rows: 'own',
    conclude: (parts, context) => concludeRows(eventCheckOf(context), parts, context),
  },
  detect,
};

type Labelled = Pick<TaskContext<TimeToEventOptions>, 'options' | 'label' | 'schema'>;

const labelTypeOf = ({ label, schema }: Labelled): Column['type'] | undefined =>
  schema.find(({ name }) => name === label)?.type;

const eventCheckOf = (context: Labelled): EventCheck =>
  new EventCheck(context.options.eventValues, labelTypeOf(context));

async function* records(context: TaskContext<TimeToEventOptions>): AsyncGenerator<DatasetRecord[], void> {
  const { interval, eventValues } = context.options;
  const eventOf = compileEvents(eventValues, labelTypeOf(context));
  const column = interval ? undefined : findTimeColumn(context);
  const dates = interval && findDates(context, interval);
  const opened = await openRecords(dates ? withStart(context, dates) : context, eventCheckOf(context));
  if (!opened) return;
  const timed = dates ? withDurations(context, opened, dates, eventOf) : opened;
  const notFeatures = interval ? [interval.from, interval.to] : column && [column.name];
  const rows = checkTable(context, timed, notFeatures);
  const check = column && compileTimeCheck(context, column, rows.at.get(column.name));
  for await (const batch of rows.batches) {
    if (check) batch.records.forEach((record, index) => check(record, batch.cells[index]!));
    for (const record of batch.records) {
      if (record.label !== null) record.label = eventOf(record.label) ?? record.label;
    }
    yield batch.records;
  }
}
