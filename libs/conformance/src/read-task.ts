import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLabelColumn, withOwnColumns, withStoredTypes } from '@tracebloc/ingestor-config';
import { parseSqlType, resolveOptions } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, type CsvFormat } from '@tracebloc/ingestor-core';
import type { DatasetRecord, JsonObject, JsonValue, TaskType } from '@tracebloc/ingestor-contract';
import { type CollectedReport, createReport, openReader } from '@tracebloc/ingestor-dataset';

/** Small chunks, so that few rows already fill several. */
const CSV = { ...CSV_DEFAULTS, chunkSize: 65_536 };

/** A dataset as a task receives it. */
export interface TaskInput {
  /** The manifest's text, or its bytes. */
  manifest: string | Uint8Array;
  format?: 'csv' | 'json';
  /** `spec.csv_options`, if they are not the defaults. */
  csv?: Partial<CsvFormat>;
  label?: string;
  key?: string;
  /** The SQL types of the columns, by their names. */
  schema?: Record<string, string>;
  /** The task's fields at the top level of `ingest.yaml`. */
  fields?: JsonObject;
  /** The task's fields of `spec.file_options`. */
  fileOptions?: JsonObject;
  /** The column that names each row's file, if it is another than `filename`. */
  filename?: string;
  /** The files by their paths below the source folder, for example `images/a.jpg`. */
  files?: Record<string, string | Uint8Array>;
  /** Changes the source folder before it is read, for example to add links. */
  prepare?: (root: string) => void;
  /** Default: true. */
  wantsFiles?: boolean;
  signal?: AbortSignal;
  /** Reads as one of several processes. All records are returned, also those of rows that are not this one's. */
  shard?: { index: number; count: number };
  /** Receives what the shard hands on. */
  handOn?: (part: JsonValue) => void;
}

export interface TaskOutput {
  records: DatasetRecord[];
  report: CollectedReport;
  /** The code, row and column of every finding. */
  found: [string, number | undefined, string | undefined][];
}

/** Writes a dataset into a temporary folder and reads it with a task, for the tests of a plugin. */
export async function readTask<Options>(task: TaskType<Options>, input: TaskInput): Promise<TaskOutput> {
  const { manifest, format = 'csv', label, key, fields = {}, fileOptions = {}, files = {}, wantsFiles = true } = input;
  const declared = Object.entries(input.schema ?? {}).map(([name, type]) => ({ name, type: parseSqlType(type) }));
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-task-')));
  try {
    const path = join(root, 'data');
    writeFileSync(path, manifest);
    const present = task.layout.sidecars.filter(
      ({ field, required, replacedBy = '' }) =>
        (required && !Object.hasOwn(fields, replacedBy)) ||
        Object.keys(files).some((name) => name.startsWith(`${field}/`)),
    );
    const folders = Object.fromEntries(present.map(({ field }) => [field, join(root, field)]));
    for (const folder of Object.values(folders)) mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    input.prepare?.(root);
    const report = createReport();
    const records: DatasetRecord[] = [];
    const options = resolveOptions(task, { fields, fileOptions });
    const kept = declared.filter(({ name }) => name !== label && name !== 'annotation' && name.toLowerCase() !== 'id');
    const { schema, columns } = withOwnColumns({ schema: declared, columns: kept }, task);
    const context = {
      dataset: openReader({
        ...{ format, path, file: 'data', csv: { ...CSV, ...input.csv }, missing: task.missing },
        ...(input.shard && { shard: { ...input.shard, rows: task.shards?.rows ?? 'all' } }),
      }),
      options,
      label,
      key,
      filename: input.filename,
      schema,
      columns: withStoredTypes(withLabelColumn({ schema, columns }, task, label), task, options).columns,
      folders,
      wantsFiles,
      ...(input.handOn && { handOn: input.handOn }),
      report,
      signal: input.signal ?? new AbortController().signal,
    };
    for await (const batch of task.records(context)) records.push(...batch);
    return { records, report, found: report.findings().map(({ code, row, column }) => [code, row, column]) };
  } finally {
    rmSync(root, { recursive: true });
  }
}
