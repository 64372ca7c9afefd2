import type {
  Column,
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  TaskContext,
  TaskType,
} from '@tracebloc/ingestor-contract';
import {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  LABEL_FINDINGS,
  type LabelCheck,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  checkTable,
  compileMissing,
  concludeRows,
  openRecords,
  tableTask,
} from '@tracebloc/ingestor-dataset';
import { timeSeriesFindings } from '../findings.js';
import { isNamed } from '../schema-check.js';
import { detect } from './detect.js';
import { sequenceFindings } from './findings.js';
import { type SequenceColumns, type SequenceOptions, checkSchema, findNamed } from './schema.js';
import { type PartialSequences, SequenceCheck } from './sequences.js';

/** The names under which the table stores ids and times, since training reads them by these. */
const [STORED_ID, STORED_TIME] = ['sequence_id', 'timestamp'];

const nameField = (description: string, name: string, example: string) => ({
  type: 'string',
  minLength: 1,
  description: `${description}, in any case. The table stores it as \`${name}\`.`,
  default: name,
  examples: [example],
});

export const timeSeriesClassification: TaskType<SequenceOptions> = {
  ...tableTask,
  id: 'time_series_classification',
  title: 'Time series classification',
  summary: 'Predicts the class of a sequence of measurements.',
  label: { use: 'required', statePolicy: false },
  allowFeatureModification: false,
  fields: {
    type: 'object',
    properties: {
      sequence_column: nameField('The column that names the sequence of each row', STORED_ID, 'recording'),
      time_column: nameField('The column of the moments, or of the numbers of the steps', STORED_TIME, 'step'),
    },
    required: [],
  },
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [],
    description:
      'One row for each moment of a sequence: its sequence, time and label, and features, which are numbers.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...CLASS_FINDINGS,
    ...TABLE_FINDINGS,
    ...timeSeriesFindings.list.filter(({ code }) => code === 'not-numeric-column'),
    ...sequenceFindings.list,
  ],
  groups: { name: 'sequence', column: (schema, { sequenceColumn }) => findNamed(schema, sequenceColumn) },
  storedNames: ({ sequenceColumn, timeColumn }) => ({
    ...(!isNamed(STORED_ID, sequenceColumn) && { [sequenceColumn]: STORED_ID }),
    ...(!isNamed(STORED_TIME, timeColumn) && { [timeColumn]: STORED_TIME }),
  }),
  records,
  shards: { rows: 'own', conclude },
  detect,
};

/** Labels are checked once a sequence, by `SequenceCheck`. */
const eachLabel: LabelCheck = { add: () => undefined, partial: () => null };

/** What a shard passes on of its rows. */
type PartialDataset = { rows: JsonValue; sequences: PartialSequences | null };

async function* records(context: TaskContext<SequenceOptions>): AsyncGenerator<DatasetRecord[], void> {
  const columns = checkSchema(context);
  const own: JsonValue[] = [];
  const handOn = context.handOn && ((part: JsonValue) => own.push(part));
  const opened = await openRecords({ ...context, handOn }, eachLabel);
  if (!opened) return;
  const rows = checkTable(context, opened, columns && [columns.id.name, columns.time.name]);
  const label = context.label !== undefined && rows.at.has(context.label) ? context.label : undefined;
  const { report, dataset } = context;
  const check = columns && new SequenceCheck(placesOf(columns, { report, file: dataset.file, label }));
  const add = check && compileAdd(context, check, columns, rows.at);
  for await (const { records: batch, cells } of rows.batches) {
    if (add) batch.forEach((record, index) => add(record, cells[index]!));
    yield batch;
  }
  // Rows that could not be read are absent from their sequences.
  if (!dataset.complete) return;
  if (!context.handOn) check?.finish();
  else context.handOn({ rows: own[0] ?? null, sequences: check?.partial() ?? null });
}

/** Each shard has checked its own rows. This checks the sequences that have rows in several shards, and counts classes. */
function conclude(parts: readonly JsonValue[], context: ConclusionContext<SequenceOptions>): void {
  const { schema, options } = context;
  const [id, time] = [options.sequenceColumn, options.timeColumn].map((name) => findNamed(schema, name)!);
  const check = new SequenceCheck(placesOf({ id: id!, time: time! }, context));
  const shards = parts as readonly PartialDataset[];
  for (const { sequences } of shards) if (sequences) check.merge(sequences);
  check.finish();
  concludeRows(
    eachLabel,
    shards.map(({ rows }) => rows).filter((part) => part !== null),
    context,
  );
}

const placesOf = (
  { id, time }: Pick<SequenceColumns, 'id' | 'time'>,
  { report, file, label }: Pick<ConclusionContext<unknown>, 'report' | 'file' | 'label'>,
) => ({ report, file, id: id.name, time: time.name, label });

/** Returns the function that adds a row. `at` has the indices of the cells, of columns that the manifest has. */
function compileAdd(
  context: TaskContext<unknown>,
  check: SequenceCheck,
  { id, time, readTime }: SequenceColumns,
  at: ReadonlyMap<string, number>,
) {
  const idOf = compileValue(context, id, at, 'missing-sequence');
  const timeOf = compileValue(context, time, at, 'missing-sequence-time');
  if (!idOf || !timeOf) return undefined;
  return (record: DatasetRecord, cells: readonly string[]): void => {
    const sequence = idOf(record, cells);
    const moment = timeOf(record, cells);
    if (sequence === null || moment === null) return;
    check.add(sequence, record.label, readTime(moment), cells[at.get(time.name)!]!, record.row);
  };
}

/** Returns the function that returns a row's value, and reports one that is missing. */
function compileValue(
  { columns, dataset, report }: TaskContext<unknown>,
  { name, type }: Column,
  at: ReadonlyMap<string, number>,
  code: 'missing-sequence' | 'missing-sequence-time',
) {
  const to = columns.findIndex((column) => (column.source ?? column.name) === name);
  const from = at.get(name);
  if (from === undefined || to === -1) return undefined;
  const isMissing = compileMissing(dataset.missingOf(name));
  const message = `The row has no ${code === 'missing-sequence' ? 'sequence' : 'time'}.`;
  return ({ row, values }: DatasetRecord, cells: readonly string[]): string | null => {
    const value = values[to] ?? null;
    // Any other null has been reported as a value that does not fit its type.
    if (value === null && !type.notNull && isMissing(cells[from]!)) {
      sequenceFindings.report(report, code, () => ({ message, file: dataset.file, row, column: name }));
    }
    return value;
  };
}
