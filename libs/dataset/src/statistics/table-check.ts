import type { Column, SqlKind, TaskContext } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';
import type { OpenRecords, RecordBatch } from '../records/rows.js';
import type { ColumnCheck, CheckedColumn } from './column-check.js';
import { ConstantCheck } from './constant-check.js';
import { TotalRowCheck } from './total-row-check.js';
import { TypedTextCheck } from './typed-text-check.js';
import { RowNumberCheck, UniqueCheck } from './unique-check.js';

/** The fewest rows of a table whose columns are judged. */
const MIN_ROWS = 20;
/** The most distinct values in memory for one column, and for all columns together. */
const MAX_DISTINCT = 10_000;
const DISTINCT_BUDGET = 1_000_000;

/** The kinds that a table stores as numbers that have a sum. */
const SUMMABLE: readonly SqlKind[] = ['integer', 'float', 'decimal'];

/** Matches the names of columns that name or number the rows. */
const ID = /(?:^|[^a-z])(?:id|uuid|guid|key|index|unnamed: 0)$/i;
const CAMEL_ID = /[a-z]I[dD]$/;

/**
 * Passes on the records of a table, and reports after the last one what only the whole table shows: a total row, and columns
 * of the schema that are probably not what they are declared. `notFeatures` are columns that the task does not use as
 * features. A shard does not see the whole table, so it reports nothing of this.
 */
export function checkTable(
  context: TaskContext<unknown>,
  rows: OpenRecords,
  notFeatures: readonly string[] = [],
): OpenRecords {
  if (!context.dataset.isWhole) return rows;
  const { dataset, report } = context;
  let checks = columnChecks(context, rows, notFeatures);
  const pending: ColumnCheck[] = [];
  const totals = dataset.mayEndInTotals ? totalRowCheck(context, rows) : undefined;
  let count = 0;

  function add(batch: RecordBatch): void {
    count += batch.records.length;
    totals?.add(batch);
    for (const check of checks) {
      const state = check.add(batch);
      if (state === 'open') continue;
      if (state === 'decided') pending.push(check);
      checks = checks.filter((other) => other !== check);
    }
  }

  async function* batches(): AsyncGenerator<RecordBatch, void> {
    for await (const batch of rows.batches) {
      add(batch);
      yield batch;
    }
    // Rows that the reader could not read are absent.
    if (!dataset.complete) return;
    totals?.finish(report);
    if (count >= MIN_ROWS) for (const check of [...pending, ...checks]) check.finish(report, count);
  }
  return { ...rows, batches: batches() };
}

function columnChecks(
  { dataset, schema, columns, key }: TaskContext<unknown>,
  { at }: OpenRecords,
  notFeatures: readonly string[],
): ColumnCheck[] {
  const stored = new Set(columns.map(({ name, source = name }) => source));
  const others = new Set([...notFeatures, ...(key === undefined ? [] : [key])]);
  const limit = Math.max(MIN_ROWS, Math.min(MAX_DISTINCT, Math.floor(DISTINCT_BUDGET / schema.length)));
  return schema.flatMap(({ name, type: { kind } }): ColumnCheck[] => {
    const from = at.get(name);
    if (from === undefined) return [];
    const isMissing = compileMissing(dataset.missingOf(name));
    const column: CheckedColumn = { name, file: dataset.file, from, isMissing };
    const checks: ColumnCheck[] = kind === 'text' ? [new TypedTextCheck(column)] : [];
    if (!stored.has(name) || others.has(name)) return checks;
    checks.push(new ConstantCheck(column));
    if (kind === 'text') checks.push(new UniqueCheck(column, limit));
    else if (kind === 'integer' && isIdName(name)) checks.push(new UniqueCheck(column, limit, false));
    else if (kind === 'integer') checks.push(new RowNumberCheck(column));
    return checks;
  });
}

function totalRowCheck({ dataset, schema, columns, label, key }: TaskContext<unknown>, rows: OpenRecords) {
  const { at, header } = rows;
  const numeric = columns.flatMap(({ name, source = name, type }: Column, to) => {
    const from = at.get(source);
    return SUMMABLE.includes(type.kind) && from !== undefined ? [{ from, to }] : [];
  });
  const id = key === undefined ? header.findIndex(isIdName) : (at.get(key) ?? -1);
  const labelType = schema.find(({ name }) => name === label)?.type.kind;
  const labelFrom = at.get(label ?? '') ?? -1;
  return new TotalRowCheck({
    file: dataset.file,
    numeric,
    label: labelType === undefined || SUMMABLE.includes(labelType) ? labelFrom : -1,
    id,
    isMissing: compileMissing(dataset.missing),
  });
}

function isIdName(name: string): boolean {
  return ID.test(name) || CAMEL_ID.test(name);
}
