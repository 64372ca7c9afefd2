import { parseSqlType, type Cell, type Column, type DatasetRecord } from '@tracebloc/ingestor-contract';
import type { Database, Staging } from '../database/types.js';
import type { NewRun, RunRow } from '../ledger/types.js';

export function columns(types: Record<string, string>): Column[] {
  return Object.entries(types).map(([name, sql]) => ({ name, type: parseSqlType(sql) }));
}

export function record(values: readonly Cell[], more: Partial<DatasetRecord> = {}): DatasetRecord {
  return {
    row: 2,
    label: 'a',
    key: null,
    filename: null,
    extension: null,
    annotation: null,
    values,
    files: [],
    ...more,
  };
}

/** Records with their data_ids. The first record has the ordinal `firstOrdinal`. */
export interface TestBatch {
  firstOrdinal: number;
  records: readonly DatasetRecord[];
  dataIds: readonly string[];
}

export function batch(firstOrdinal: number, records: readonly DatasetRecord[], runId = 'r'): TestBatch {
  return {
    firstOrdinal,
    records: records.map((one, i) => ({ ...one, row: firstOrdinal + i + 2 })),
    dataIds: records.map((_, i) => `${runId}-${firstOrdinal + i}`),
  };
}

export async function write(staging: Staging, { firstOrdinal, records, dataIds }: TestBatch): Promise<void> {
  const open = staging.begin(firstOrdinal);
  records.forEach((record, i) => open.add(record, dataIds[i]!));
  await open.commit();
}

export function newRun(runId: string, table: string): NewRun {
  return {
    runId,
    table,
    task: 'tabular_classification',
    intent: 'train',
    configHash: 'c'.repeat(64),
    sourceFingerprint: 's',
    batchSize: 4000,
    shards: 1,
  };
}

/** Begins a run and stages the records as its only batch. */
export async function stageAll(
  db: Database,
  runId: string,
  table: string,
  own: readonly Column[],
  records: readonly DatasetRecord[],
): Promise<{ run: RunRow; staging: Staging }> {
  const run = await db.ledger.begin(newRun(runId, table));
  const staging = await db.stage(run, { table, columns: own });
  if (records.length > 0) await write(staging, batch(0, records, runId));
  return { run, staging };
}
