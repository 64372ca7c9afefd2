import type { Cell, DatasetRecord, TaskContext } from '@tracebloc/ingestor-contract';
import {
  type CellPlace,
  type ValueProblem,
  compileCell,
  compileMissing,
  readKey,
  readLabel,
  reportFinding,
  reportUnlisted,
  resolveColumns,
} from '@tracebloc/ingestor-dataset';

/** What a task asks of its labels. */
export interface LabelJudge {
  /** Takes each label that is not missing, trimmed. */
  take(label: string, row: number, place: CellPlace): void;
  /** Called after the last row, if there was any. */
  finish?(place: CellPlace): void;
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

const NO_FILES: readonly never[] = [];

/**
 * The records of a table whose rows hold features and label. Columns that are missing are reported and stay null, so
 * that one pass finds what else is wrong.
 */
export async function* readRecords(
  context: TaskContext<unknown>,
  judge: LabelJudge,
): AsyncGenerator<DatasetRecord[], void> {
  const { dataset, report, signal } = context;
  const manifest = await dataset.open(report, signal);
  if (!manifest) return;
  const { toRecord, hasLabel } = compileRecord(context, manifest.header, judge);
  let count = 0;
  for await (const { rows, lines } of manifest.batches) {
    count += rows.length;
    yield rows.map((row, index) => toRecord(row, lines[index]!));
  }
  // Of labels that are missing, or that the reader could not read, nothing can be said as a whole.
  if (count > 0 && hasLabel && dataset.complete) judge.finish?.(placeOf(context, context.label!));
}

const placeOf = ({ report, dataset }: TaskContext<unknown>, column: string): CellPlace => ({
  report,
  file: dataset.file,
  column,
});

function compileRecord(context: TaskContext<unknown>, header: readonly string[], judge: LabelJudge) {
  const { dataset, report, schema, columns } = context;
  const label = context.label!;
  const search = { header, file: dataset.file, report };
  const wanted = [label, ...(context.key === undefined ? [] : [context.key]), ...schema.map(({ name }) => name)];
  const indices = resolveColumns(search, wanted);
  reportUnlisted(search, indices.values());

  const stored = new Map(columns.map(({ name }, index) => [name, index]));
  const fields = schema.flatMap(({ name, type }): Field[] => {
    const from = indices.get(name);
    if (from === undefined) return [];
    const convert = compileCell(type, dataset.missing);
    return [{ name, sql: type.sql, from, to: stored.get(name) ?? -1, convert }];
  });
  const isMissing = compileMissing(dataset.missing);
  const labelFrom = indices.get(label) ?? -1;
  const labelPlace = placeOf(context, label);
  const keyFrom = indices.get(context.key ?? '') ?? -1;
  const keyPlace = placeOf(context, context.key ?? '');

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
    const key = keyFrom === -1 ? null : readKey(cells[keyFrom]!, row, isMissing, keyPlace);
    return { row, label: labelText, key, filename: null, extension: null, annotation: null, values, files: NO_FILES };
  };
  return { toRecord, hasLabel: labelFrom !== -1 };
}

function reportCell(
  { report, file, column }: CellPlace,
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
