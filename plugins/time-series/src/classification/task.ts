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
  compileColumnValue,
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
  const { report, dataset } = context;
  const valueOf = (column: Column, code: 'missing-sequence' | 'missing-sequence-time', message: string) =>
    compileColumnValue(context, column, at, (row) => {
      sequenceFindings.report(report, code, () => ({ message, file: dataset.file, row, column: column.name }));
    });
  const idOf = valueOf(id, 'missing-sequence', 'The row has no sequence.');
  const timeOf = valueOf(time, 'missing-sequence-time', 'The row has no time.');
  if (!idOf || !timeOf) return undefined;
  const written = at.get(time.name)!;
  return (record: DatasetRecord, cells: readonly string[]): void => {
    const [sequence, moment] = [idOf(record, cells), timeOf(record, cells)];
    if (sequence === null || moment === null) return;
    check.add(sequence, record.label, readTime(moment), cells[written]!, record.row);
  };
}
