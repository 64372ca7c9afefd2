import type { Cell, ConclusionContext, DatasetRecord, JsonValue, TaskContext } from '@tracebloc/ingestor-contract';
import { compileCell, compileMissing } from '../checks/cell.js';
import type { ValueProblem } from '../checks/problem.js';
import { reportUnlisted, resolveColumns } from './columns.js';
import { reportFinding } from '../findings/findings.js';
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

/** A column of the schema that the manifest has. */
interface Field {
  name: string;
  sql: string;
  /** Index in the manifest's rows, and in a record's values; -1 for a column that is checked but not stored there. */
  from: number;
  to: number;
  convert: (text: string) => Cell | ValueProblem;
}

/** Rows turned into records, beside the cells that they come from. */
export interface RecordBatch {
  records: DatasetRecord[];
  cells: string[][];
}

export interface OpenRecords {
  /** Where the further columns stand in `cells`: name to index. One that is not in the header has been reported. */
  at: ReadonlyMap<string, number>;
  /** Every row as a record that names no file yet: label, key and the schema's columns, converted. */
  batches: AsyncIterable<RecordBatch>;
}

const NO_FILES: readonly never[] = [];

/**
 * The manifest's rows as records. Columns that are missing are reported and stay null, so that one pass finds what else
 * is wrong. `further` are columns that the task reads itself, beside the schema's. Gives nothing where no row can be
 * read, which has been reported.
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
    // Of labels that are missing, or that the reader could not read, nothing can be said as a whole.
    if (count > 0 && label !== undefined && indices.has(label) && dataset.complete) {
      if (context.handOn && labelCheck.partial) context.handOn(labelCheck.partial());
      else labelCheck.finish?.(placeOf(context, label));
    }
  }
  return { at: indices, batches: batches() };
}

/** The records of a dataset whose rows hold all there is of them. */
export async function* readRecords(
  context: TaskContext<unknown>,
  labelCheck: LabelCheck,
): AsyncGenerator<DatasetRecord[], void> {
  const rows = await openRecords(context, labelCheck);
  if (!rows) return;
  for await (const { records } of rows.batches) yield records;
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

/** The rows one by one, for tasks that work on files. */
export async function* eachRow(rows: OpenRecords): AsyncGenerator<{ record: DatasetRecord; cells: string[] }, void> {
  for await (const { records, cells } of rows.batches) {
    for (const [index, record] of records.entries()) yield { record, cells: cells[index]! };
  }
}

/** Where a column's cells stand in findings. */
export function placeOf({ report, dataset }: TaskContext<unknown>, column: string): CellLocation {
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
  const labelPlace = placeOf(context, label ?? '');
  const keyFrom = indices.get(key ?? '') ?? -1;
  const keyPlace = placeOf(context, key ?? '');

  const toRecord = (cells: readonly string[], row: number): DatasetRecord => {
    const values = new Array<Cell>(columns.length).fill(null);
    for (const { name, sql, from, to, convert } of fields) {
      const result = convert(cells[from]!);
      if (result !== null && typeof result === 'object') {
        reportCell(placeOf(context, name), result, row, cells[from]!, sql);
      } else if (to !== -1) {
        values[to] = result;
      }
    }
    const labelText = labelFrom === -1 ? null : readLabel(cells[labelFrom]!, row, isMissing, labelPlace);
    if (labelText !== null) labelCheck.add(labelText, row, labelPlace);
    const keyText = keyFrom === -1 ? null : readKey(cells[keyFrom]!, row, isMissing, keyPlace);
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
