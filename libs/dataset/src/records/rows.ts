import type { Cell, ConclusionContext, DatasetRecord, JsonValue, TaskContext } from '@tracebloc/ingestor-contract';
import { compileCell, compileMissing } from '../checks/cell.js';
import type { ValueProblem } from '../checks/problem.js';
import { reportUnlisted, resolveColumns } from './columns.js';
import { reportFinding } from '../findings/findings.js';
import { checkTable } from '../statistics/table-check.js';
import { type CellLocation, readKey, readLabel } from './labels.js';

/** Checks a task's labels, one by one and as a whole. */
export interface LabelCheck {
  /** Is called for each label that is not missing, trimmed. */
  add(label: string, row: number, location: CellLocation): void;
  /** Is called after the last row, unless there was none. */
  finish?(location: CellLocation): void;
  /** Returns what `merge` needs of the labels added. A shard passes it on instead of calling `finish`. */
  partial?(): JsonValue;
  /** Adds what `partial` returned in a shard. */
  merge?(partial: JsonValue): void;
}

/** A column of the schema that is in the manifest. */
interface Field {
  name: string;
  sql: string;
  /** The index in the manifest's rows. */
  from: number;
  /** The index in a record's values, or -1 if the column is checked but not stored there. */
  to: number;
  convert: (text: string) => Cell | ValueProblem;
}

/** Records, and the cells that they come from. */
export interface RecordBatch {
  records: DatasetRecord[];
  cells: string[][];
}

export interface OpenRecords {
  /** The names of the columns of `cells`. */
  header: readonly string[];
  /** The index of each column in `cells`, by name. A column that is not in the header has been reported, and is absent. */
  at: ReadonlyMap<string, number>;
  /** Every row as a record without files: the label, the key and the converted columns of the schema. */
  batches: AsyncIterable<RecordBatch>;
}

const NO_FILES: readonly never[] = [];

/**
 * Reads the rows of the manifest as records. A column that is missing is reported and stays null, so that one pass finds
 * everything that is wrong. `further` are columns that the task reads itself, beside those of the schema. Returns
 * `undefined` if no row can be read, which has been reported.
 */
export async function openRecords(
  context: TaskContext<unknown>,
  labelCheck: LabelCheck,
  further: readonly string[] = [],
): Promise<OpenRecords | undefined> {
  const { dataset, report, signal } = context;
  const manifest = await dataset.open(report, signal);
  if (!manifest) return undefined;
  const { toRecord, indices } = compileRecord(context, manifest.header, labelCheck, further);
  const { label } = context;

  async function* batches(): AsyncGenerator<RecordBatch, void> {
    let count = 0;
    for await (const { rows, lines } of manifest!.batches) {
      count += rows.length;
      yield { records: rows.map((row, index) => toRecord(row, lines[index]!)), cells: rows };
    }
    // If the column is missing, or the reader could not read some labels, they cannot be checked as a whole.
    if (count > 0 && label !== undefined && indices.has(label) && dataset.complete) {
      if (context.handOn && labelCheck.partial) context.handOn(labelCheck.partial());
      else labelCheck.finish?.(locationOf(context, label));
    }
  }
  return { header: manifest.header, at: indices, batches: batches() };
}

/** Reads the records of a dataset in which each row is a whole record, and checks it as a table. */
export async function* readRecords(
  context: TaskContext<unknown>,
  labelCheck: LabelCheck,
): AsyncGenerator<DatasetRecord[], void> {
  const rows = await openRecords(context, labelCheck);
  if (!rows) return;
  for await (const { records } of checkTable(context, rows).batches) yield records;
}

/** Checks the labels of all shards as a whole. For `ShardRule.conclude` of a task whose `LabelCheck` has `partial`. */
export function concludeLabels(
  labelCheck: LabelCheck,
  partials: readonly JsonValue[],
  { report, file, label }: ConclusionContext<unknown>,
): void {
  for (const partial of partials) labelCheck.merge?.(partial);
  if (partials.length > 0 && label !== undefined) labelCheck.finish?.({ report, file, column: label });
}

/** Yields the rows one by one, for tasks that process files. */
export async function* eachRow(rows: OpenRecords): AsyncGenerator<{ record: DatasetRecord; cells: string[] }, void> {
  for await (const { records, cells } of rows.batches) {
    for (const [index, record] of records.entries()) yield { record, cells: cells[index]! };
  }
}

/** Returns what findings say about the cells of a column. */
export function locationOf({ report, dataset }: TaskContext<unknown>, column: string): CellLocation {
  return { report, file: dataset.file, column };
}

function compileRecord(
  context: TaskContext<unknown>,
  header: readonly string[],
  labelCheck: LabelCheck,
  further: readonly string[],
) {
  const { dataset, report, schema, columns, label, key } = context;
  const search = { header, file: dataset.file, report };
  const wanted = [label, key].filter((name) => name !== undefined);
  const indices = resolveColumns(search, [...wanted, ...schema.map(({ name }) => name), ...further]);
  reportUnlisted(search, indices.values());

  const stored = new Map(columns.map(({ name }, index) => [name, index]));
  const fields = schema.flatMap(({ name, type }): Field[] => {
    const from = indices.get(name);
    if (from === undefined) return [];
    const convert = compileCell(type, dataset.missing);
    return [{ name, sql: type.sql, from, to: stored.get(name) ?? -1, convert }];
  });
  const isMissing = compileMissing(dataset.missing);
  const labelFrom = indices.get(label ?? '') ?? -1;
  const labelLocation = locationOf(context, label ?? '');
  const keyFrom = indices.get(key ?? '') ?? -1;
  const keyLocation = locationOf(context, key ?? '');

  const toRecord = (cells: readonly string[], row: number): DatasetRecord => {
    const values = new Array<Cell>(columns.length).fill(null);
    for (const { name, sql, from, to, convert } of fields) {
      const result = convert(cells[from]!);
      if (result !== null && typeof result === 'object') {
        reportCell(locationOf(context, name), result, row, cells[from]!, sql);
      } else if (to !== -1) {
        values[to] = result;
      }
    }
    const labelText = labelFrom === -1 ? null : readLabel(cells[labelFrom]!, row, isMissing, labelLocation);
    if (labelText !== null) labelCheck.add(labelText, row, labelLocation);
    const keyText = keyFrom === -1 ? null : readKey(cells[keyFrom]!, row, isMissing, keyLocation);
    return {
      row,
      label: labelText,
      key: keyText,
      filename: null,
      extension: null,
      annotation: null,
      values,
      files: NO_FILES,
    };
  };
  return { toRecord, indices };
}

function reportCell(
  { report, file, column }: CellLocation,
  { code, expected }: ValueProblem,
  row: number,
  value: string,
  sql: string,
): void {
  const message =
    code === 'missing-value'
      ? 'The value is missing, but the column is declared NOT NULL.'
      : `The value does not fit the column's type, ${sql}.`;
  reportFinding(report, code, () => ({ message, file, row, column, value, expected }));
}
