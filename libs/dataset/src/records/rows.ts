import type {
  Column,
  Cell,
  ConclusionContext,
  DatasetRecord,
  JsonValue,
  SqlType,
  TaskContext,
  ValueFormat,
} from '@tracebloc/ingestor-contract';
import { compileCell, compileMissing } from '../checks/cell.js';
import { compileLabel } from '../checks/label.js';
import { compileNumberFormat } from '../checks/number-format.js';
import { fixOf } from '../checks/fix.js';
import { ColumnChecks, type ColumnWatch } from '../columns/column-checks.js';
import type { Check, ValueProblem } from '../checks/problem.js';
import { FILENAME } from './filename.js';
import { compileOthers } from './other-columns.js';
import { ownColumn } from './own-column.js';
import { reportUnlisted, resolveColumns } from './columns.js';
import { reportFinding } from '../findings/findings.js';
import { checkTable } from '../statistics/table-check.js';
import { type CellLocation, checkLength, readKey, readLabel } from './labels.js';

/** Checks a task's labels, one by one and as a whole. */
export interface LabelCheck {
  /** The type of labels that the schema does not declare. If it is absent, they are text. */
  type?: SqlType;
  /** What to do with a row that has no label, unless it is usual. */
  missingFix?: string;
  /** What to do with a label that is longer than the table's column, unless it is usual. */
  lengthFix?: string;
  /** Returns `DatasetRecord.classes` of a label, if a label is not one class. */
  classes?(label: string): readonly string[];
  /** Returns what the table stores of a label, after `add`. Default: the label. */
  stored?(label: string): string;
  /** Is called for each label that is not missing, trimmed and, if its type is declared, in one form for each value. */
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
  type: SqlType;
  /** The index in the manifest's rows. */
  from: number;
  /** The index in a record's values, or -1 if the column is checked but not stored there. */
  to: number;
  convert: (text: string) => Cell | ValueProblem;
  watch: ColumnWatch;
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

/** The fix for a word such as NA in a column that is declared NOT NULL. */
const WORD_IN_NOT_NULL =
  'If the word is a value, set `spec.csv_options.keep_default_na: false`. Otherwise fill in a value, or remove NOT NULL from the type in the schema.';

const NO_FILES: readonly never[] = [];

/** What a shard passes on of its rows. */
type PartialRows = { labels: JsonValue; columns: JsonValue };

/**
 * Reads the rows of the manifest as records. A column that is missing is reported and stays null, so that one pass finds
 * everything that is wrong. `further` are columns that the task reads itself, beside those of the schema, or a function that
 * returns their names for a header. Returns `undefined` if no row can be read, which has been reported.
 */
export async function openRecords(
  context: TaskContext<unknown>,
  labelCheck: LabelCheck,
  further: readonly string[] | ((header: readonly string[]) => readonly string[]) = [],
): Promise<OpenRecords | undefined> {
  const { dataset, report, signal } = context;
  const manifest = await dataset.open(report, signal);
  if (!manifest) return undefined;
  const { toRecord, indices, columnChecks } = compileRecord(
    context,
    manifest.header,
    labelCheck,
    typeof further === 'function' ? further(manifest.header) : further,
  );
  const { label } = context;

  async function* batches(): AsyncGenerator<RecordBatch, void> {
    let count = 0;
    for await (const { rows, lines } of manifest!.batches) {
      count += rows.length;
      yield { records: rows.map((row, index) => toRecord(row, lines[index]!)), cells: rows };
    }
    // If the reader could not read some rows, nothing can be said of them as a whole.
    if (count === 0 || !dataset.complete) return;
    const hasLabel = label !== undefined && indices.has(label);
    if (context.handOn && labelCheck.partial) {
      const part: PartialRows = { labels: hasLabel ? labelCheck.partial() : null, columns: columnChecks.partial() };
      context.handOn(part);
      return;
    }
    if (hasLabel) labelCheck.finish?.({ ...locationOf(context, label), isText: isDeclaredText(context.schema, label) });
    columnChecks.finish(report, dataset.file);
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

/** Checks the rows of all shards as a whole. For `ShardRule.conclude` of a task whose `LabelCheck` has `partial`. */
export function concludeRows(
  labelCheck: LabelCheck,
  partials: readonly JsonValue[],
  { report, file, label, schema }: ConclusionContext<unknown>,
): void {
  const columnChecks = new ColumnChecks();
  let hasLabels = false;
  for (const partial of partials) {
    // Shards of earlier versions passed on only the labels.
    const isWhole = typeof partial === 'object' && partial !== null && 'columns' in partial;
    const { labels, columns } = isWhole ? (partial as PartialRows) : { labels: partial, columns: {} };
    if (labels !== null) labelCheck.merge?.(labels);
    hasLabels ||= labels !== null;
    columnChecks.merge(columns);
  }
  if (hasLabels && label !== undefined)
    labelCheck.finish?.({ report, file, column: label, isText: isDeclaredText(schema, label) });
  columnChecks.finish(report, file);
}

const isDeclaredText = (schema: readonly Column[], name: string): boolean =>
  schema.find((column) => column.name === name)?.type.kind === 'text';

/** Yields the rows one by one, for tasks that process files. */
export async function* eachRow(rows: OpenRecords): AsyncGenerator<{ record: DatasetRecord; cells: string[] }, void> {
  for await (const { records, cells } of rows.batches) {
    for (const [index, record] of records.entries()) yield { record, cells: cells[index]! };
  }
}

/** Returns what findings say about the cells of a column. */
export function locationOf(context: TaskContext<unknown>, column: string): CellLocation {
  const { report, dataset } = context;
  return { report, file: dataset.file, column, own: () => ownColumn(context, column) };
}

function compileRecord(
  context: TaskContext<unknown>,
  header: readonly string[],
  labelCheck: LabelCheck,
  further: readonly string[],
) {
  const { dataset, report, schema, columns, label, key } = context;
  const { filename = FILENAME } = context;
  const search = { header, file: dataset.file, report, filename: further.includes(filename) ? filename : undefined };
  const wanted = [label, key].filter((name) => name !== undefined);
  const indices = resolveColumns(search, [...wanted, ...schema.map(({ name }) => name), ...further]);
  reportUnlisted(search, indices.values());

  const columnChecks = new ColumnChecks((name) => ownColumn(context, name));
  const isAtStart = () => dataset.passed === 0;
  const stored = new Map(columns.map(({ name, source = name }, index) => [source, index]));
  const fields = schema.flatMap(({ name, type }): Field[] => {
    const from = indices.get(name);
    if (from === undefined) return [];
    const convert = compileCell(type, dataset.missingOf(name), dataset.formatOf(name), isAtStart);
    const watch = columnChecks.watch(name, type, dataset, name === label);
    return [{ name, type, from, to: stored.get(name) ?? -1, convert, watch }];
  });
  const isMissing = compileMissing(dataset.missingOf(label ?? ''));
  const isMissingKey = compileMissing(dataset.missingOf(key ?? ''));
  const labelFrom = indices.get(label ?? '') ?? -1;
  const labelLocation = locationOf(context, label ?? '');
  const keyFrom = indices.get(key ?? '') ?? -1;
  const keyLocation = locationOf(context, key ?? '');

  const declared = schema.find(({ name }) => name === label)?.type;
  const labelWatch =
    labelFrom === -1 || declared ? undefined : columnChecks.watch(label!, labelCheck.type, dataset, true);
  const labelFormat = dataset.formatOf(label ?? '');
  const convertLabel = compileLabelOf(declared, labelCheck.type, labelFormat, isAtStart);

  const watchOthers = compileOthers(context, header, new Set(indices.values()), columnChecks);

  const toRecord = (cells: readonly string[], row: number): DatasetRecord => {
    watchOthers?.(cells);
    const values = new Array<Cell>(columns.length).fill(null);
    for (const { name, type, from, to, convert, watch } of fields) {
      const cell = cells[from]!;
      const result = convert(cell);
      if (result === null) {
        if (cell !== '') watch.addMissing(cell);
      } else if (watch.isOpen && !(typeof result === 'object' && result.code === 'missing-value')) {
        watch.add(cell);
      }
      if (result !== null && typeof result === 'object') {
        reportCell(locationOf(context, name), result, row, cell, type, dataset.formatOf(name));
      } else if (to !== -1) {
        values[to] = result;
      }
    }
    let labelText = labelFrom === -1 ? null : readLabel(cells[labelFrom]!, row, isMissing, labelLocation, labelCheck);
    if (labelWatch) {
      if (labelText === null) labelWatch.addMissing(cells[labelFrom]!);
      else if (labelWatch.isOpen) labelWatch.add(labelText);
    }
    let classes: readonly string[] | undefined;
    if (labelText !== null) {
      const value = convertLabel(labelText);
      if (typeof value === 'string') labelText = value;
      // A declared label has been reported as a column of the schema.
      else if (!declared) reportCell(labelLocation, value, row, labelText, labelCheck.type!, labelFormat);
      if (typeof value === 'string' || declared) labelCheck.add(labelText, row, labelLocation);
      classes = labelCheck.classes?.(labelText);
      if (labelCheck.stored) labelText = storedLabel(labelText, row, labelLocation, labelCheck);
    }
    const keyText = keyFrom === -1 ? null : readKey(cells[keyFrom]!, row, isMissingKey, keyLocation);
    return {
      row,
      label: labelText,
      ...(classes && { classes }),
      key: keyText,
      filename: null,
      extension: null,
      annotation: null,
      values,
      files: NO_FILES,
    };
  };
  return { toRecord, indices, columnChecks };
}

/** Returns what the table stores of a label. Reports what is too long. */
function storedLabel(label: string, row: number, location: CellLocation, labelCheck: LabelCheck): string {
  const text = labelCheck.stored!(label);
  checkLength(text, row, location, labelCheck.lengthFix);
  return text;
}

/** Returns the conversion of labels to one text for each value. Labels that neither the schema nor the task types stay. */
function compileLabelOf(
  declared: SqlType | undefined,
  assumed: SqlType | undefined,
  format: ValueFormat,
  isAtStart: () => boolean,
): Check {
  const type = declared ?? assumed;
  if (!type) return (text) => text;
  const check = compileLabel(type, format, isAtStart);
  if (declared || compileNumberFormat(format)) return check;
  // The task's `add` reports a label that does not fit the task's type.
  return (text) => {
    const result = check(text);
    return typeof result === 'string' ? result : text;
  };
}

function reportCell(
  { report, file, column, own }: CellLocation,
  { code, expected }: ValueProblem,
  row: number,
  value: string,
  type: SqlType,
  format: ValueFormat,
): void {
  const message =
    code === 'missing-value'
      ? 'The value is missing, but the column is declared NOT NULL.'
      : `The value does not fit the column's type, ${type.sql}.`;
  const isWord = code === 'missing-value' && value.trim() !== '';
  reportFinding(report, code, () => {
    const fix = isWord ? WORD_IN_NOT_NULL : fixOf(value, type, format, own?.());
    return { message, file, row, column, value, expected, ...(fix && { fix }) };
  });
}
