import { ExitCode, IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetRecord, JsonValue, Report, StatisticsSink } from '@tracebloc/ingestor-contract';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import {
  createReport,
  FILENAME,
  openReader,
  reportByPart,
  type ManifestReader,
  type ManifestReading,
} from '@tracebloc/ingestor-dataset';
import type { ShardOutcome } from '@tracebloc/ingestor-storage';
import { refuseChange } from './refuse-change.js';
import { createDataIds } from './data-id.js';
import type { SourceIdentity } from './fingerprint.js';
import { foldersOf, reportByLayout } from './layout.js';
import { CLASS_STATISTIC, LABEL_STATISTIC, StatisticsCollector } from './statistics.js';
import { namedElsewhere } from './named-elsewhere.js';
import { rowsOutOfOrder } from '../shard/errors.js';
import type { Phase, RunObserver } from '../observer.js';
import type { ValidationResult } from '../result.js';
import { validationOf } from './validation.js';

export interface ReadOptions {
  /** The run's id, from which data_ids are derived. */
  runId: string;
  phase: Phase;
  signal: AbortSignal;
  observer: RunObserver;
  /** The part of the rows that this process reads. Default: all rows. */
  shard?: Shard;
  /** Receives the records, in order, as long as no error was found. */
  sink?: RecordSink;
  /** The source's identity before it is read. If it changes, that is thrown instead of findings and failures of the system. */
  before?: SourceIdentity;
}

/** What is known of a shard after it was read. */
export type ReadOutcome = Omit<ShardOutcome, 'checksums'>;

export interface RecordSink {
  /** True if the records' files are used; see `TaskContext.wantsFiles`. */
  readonly wantsFiles: boolean;
  /**
   * Takes a record, which the caller does not keep. `ordinal` is the record's 0-based position in the run. If this returns
   * a promise, the next record must wait for it.
   */
  add(record: DatasetRecord, dataId: string, ordinal: number): Promise<void> | undefined;
  /** Called after each batch of records, with the number of its characters. Resolves when more records may follow. */
  flush(text: number): Promise<void>;
}

/**
 * A batch ends after this number of characters, even with fewer than BATCH_SIZE records, so that memory does not grow with
 * the records' width. Up to three batches are in memory: one is read, one waits, and one is written.
 */
export const BATCH_TEXT = 16 << 20;
/** Characters that are added for each cell: its overhead in memory, and the length of an encoded NULL. */
const CELL_OVERHEAD = 16;

/** Milliseconds after which progress is reported even if no batch is full. */
const REPORT_INTERVAL = 200;

/**
 * Reads the source, or the rows of a shard, once through the task: checks every record and hands batches to the sink. After
 * the first error the sink receives nothing more, but checking continues to the end. Throws `source-changed-while-read` if
 * the manifest changed while it was read, whatever was found in it.
 */
export async function readShard(
  config: RunConfig,
  options: ReadOptions,
): Promise<{ validation: ValidationResult; outcome: ReadOutcome; reading: ManifestReading }> {
  const { phase, signal, observer, sink, shard, before } = options;
  const { source } = config;
  const { path, parts } = source;
  const { missing, shards: rule } = config.task;
  const started = performance.now();
  const collected = createReport();
  // A finding about a row names the file that has the row.
  const report = source.layout ? reportByLayout(collected, () => reader) : reportByPart(collected, parts ?? []);
  const range = shard && { ...shard, rows: rule?.rows ?? 'all' };
  const reader = openReader({ ...config.source, file: path, missing, columns: columnsOf(config), shard: range });
  const dataIdOf = createDataIds(config.dataId, options.runId, path, report);
  const statistics = new StatisticsCollector(config.task.statistics);
  const { task } = config;
  const measuresLabel = hasNumericLabel(config);
  const countLabel = ({ label, classes }: DatasetRecord): void => {
    if (measuresLabel && label !== null) statistics.measure(LABEL_STATISTIC, Number(label));
    if (classes) for (const one of classes) statistics.count(CLASS_STATISTIC, one);
    else if (label !== null) {
      for (const [one, times] of task.labelCounts?.(label) ?? []) statistics.count(CLASS_STATISTIC, one, times);
    }
  };
  let part: JsonValue = null;
  const handOn = shard && rule?.conclude && ((given: JsonValue) => (part = given));

  /** The number of records that the task has made, and the number of those that belong to this process. */
  let made = 0;
  let own = 0;
  let firstOwn: number | undefined;
  let batch = { records: 0, text: 0 };
  let reported = started;
  const reportProgress = () => {
    observer.progress({ phase, records: own, done: reader.read, total: reader.size });
    reported = performance.now();
  };
  reportProgress();
  try {
    for await (const records of recordsOf(config, reader, report, {
      signal,
      wantsFiles: sink?.wantsFiles,
      handOn,
      statistics,
    })) {
      for (const record of records) {
        const ordinal = reader.passed + made++;
        if (shard && !reader.isOwn(record.row)) continue;
        firstOwn ??= ordinal;
        if (ordinal !== firstOwn + own) throw rowsOutOfOrder();
        const dataId = dataIdOf(record, ordinal);
        const isWanted = sink !== undefined && report.errors === 0;
        const room = isWanted ? sink.add(record, dataId, ordinal) : undefined;
        // Awaiting every record would cost more time than the record itself.
        if (room) await room;
        own++;
        countLabel(record);
        batch.records++;
        batch.text += textOf(record);
        if (batch.records < config.batchSize && batch.text < BATCH_TEXT) continue;
        const { text } = batch;
        batch = { records: 0, text: 0 };
        if (isWanted) await sink.flush(text);
        reportProgress();
      }
      // Records with files may take long to fill a batch.
      if (performance.now() - reported > REPORT_INTERVAL) reportProgress();
      signal.throwIfAborted();
    }
    if (report.errors === 0) await sink?.flush(batch.text);
    reportProgress();
    await reader.confirm(signal);
    if (before && report.errors > 0) await refuseChange(config, before);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    // A file or folder may have been removed.
    const isUnreadable = !(error instanceof IngestorError) || error.exitCode === ExitCode.usage;
    if (before && isUnreadable) await refuseChange(config, before, error);
    throw error;
  } finally {
    await reader.layout?.close();
  }

  const { skipped } = reader;
  return {
    validation: validationOf(config, collected, { found: own + skipped, skipped, started }),
    outcome: { records: own, skipped, total: reader.passed + made, part, statistics: statistics.result },
    reading: reader.reading,
  };
}

/** Whether the labels are measured values and no classes. */
function hasNumericLabel({ task: { label }, label: configured }: RunConfig): boolean {
  return configured !== undefined && !(label.classes ?? !label.statePolicy);
}

/** Returns the columns that the configuration names. */
function columnsOf({ schema, label, dataId, source, filename = FILENAME, task, options }: RunConfig): string[] {
  const own = task.columns?.(options) ?? [];
  const hasFiles = Object.keys(source.sidecars).length > 0 || own.length > 0;
  const names = [label?.column, 'column' in dataId ? dataId.column : undefined, hasFiles ? filename : undefined];
  return [...schema.map(({ name }) => name), ...names.filter((name) => name !== undefined), ...own];
}

/** Returns the number of characters that count towards the size of the batch. */
function textOf({ annotation, values }: DatasetRecord): number {
  let text = CELL_OVERHEAD * (values.length + 1) + (annotation?.length ?? 0);
  for (let index = 0; index < values.length; index++) text += values[index]?.length ?? 0;
  return text;
}

function recordsOf(
  config: RunConfig,
  dataset: ManifestReader,
  report: Report,
  {
    signal,
    wantsFiles = false,
    handOn,
    statistics,
  }: { signal: AbortSignal; wantsFiles?: boolean; handOn?: (part: JsonValue) => void; statistics: StatisticsSink },
): AsyncIterable<DatasetRecord[]> {
  return config.task.records({
    dataset,
    options: config.options,
    label: config.label?.column,
    key: config.dataId.strategy === 'column' ? config.dataId.column : undefined,
    filename: config.filename,
    schema: config.schema,
    columns: config.columns,
    folders: foldersOf(config, dataset),
    namedElsewhere: namedElsewhere(config, signal),
    get wantsFiles() {
      return wantsFiles && report.errors === 0;
    },
    handOn,
    statistics,
    report,
    signal,
  });
}
