import type { Cell, ConclusionContext, DatasetRecord, JsonValue, TaskContext } from '@tracebloc/ingestor-contract';
import { compileCell, compileMissing } from '../checks/cell.js';
import type { ValueProblem } from '../checks/problem.js';
import { reportUnlisted, resolveColumns } from './columns.js';
import { reportFinding } from '../findings/findings.js';
import { type CellLocation, readKey, readLabel } from './labels.js';

/** What a task asks of its labels. */
export interface LabelCheck {
  /** Takes each label that is not missing, trimmed. */
  take(label: string, row: number, place: CellLocation): void;
  /** Called after the last row, if there was any. */
  finish?(place: CellLocation): void;
  /** What `join` needs of the labels taken, where the rows are those of a shard; `finish` is then another's. */
  part?(): JsonValue;
  /** Takes the part of a shard. */
  join?(part: JsonValue): void;
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
  judge: LabelCheck,
  further: readonly string[] = [],
): Promise<OpenRecords | undefined> {
  const { dataset, report, signal } = context;
  const manifest = await dataset.open(report, signal);
  if (!manifest) return undefined;
  const { toRecord, indices } = compileRecord(context, manifest.header, judge, further);
  const { label } = context;

  async function* batches(): AsyncGenerator<RecordBatch, void> {
    let count = 0;
    for await (const { rows, lines } of manifest!.batches) {
      count += rows.length;
      yield { records: rows.map((row, index) => toRecord(row, lines[index]!)), cells: rows };
    }
    // Of labels that are missing, or that the reader could not read, nothing can be said as a whole.
    if (count > 0 && label !== undefined && indices.has(label) && dataset.complete) {
      if (context.handOn && judge.part) context.handOn(judge.part());
      else judge.finish?.(placeOf(context, label));
    }
  }
  return { at: indices, batches: batches() };
}

/** The records of a dataset whose rows hold all there is of them. */
export async function* readRecords(
  context: TaskContext<unknown>,
  judge: LabelCheck,
): AsyncGenerator<DatasetRecord[], void> {
  const rows = await openRecords(context, judge);
  if (!rows) return;
  for await (const { records } of rows.batches) yield records;
}

/** Concludes over the labels of all shards; for `ShardRule.conclude` of a task whose judge handed its part on. */
export function concludeLabels(
  judge: LabelCheck,
  parts: readonly JsonValue[],
  { report, file, label }: ConclusionContext<unknown>,
): void {
  for (const part of parts) judge.join?.(part);
  if (parts.length > 0 && label !== undefined) judge.finish?.({ report, file, column: label });
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
  judge: LabelCheck,
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
    if (labelText !== null) judge.take(labelText, row, labelPlace);
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
