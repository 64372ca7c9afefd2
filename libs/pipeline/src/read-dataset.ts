import { InterruptedError } from '@tracebloc/ingestor-contract';
import type { DatasetReader, DatasetRecord, Report } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { createReport, openReader } from '@tracebloc/ingestor-dataset';
import { createDataIds } from './data-id.js';
import type { Phase, RunObserver } from './observer.js';
import type { ValidationResult } from './result.js';

export interface ReadOptions {
  /** From which data_ids are derived. */
  runId: string;
  phase: Phase;
  signal: AbortSignal;
  observer: RunObserver;
  /** Takes the records, in order, as long as no error was found. */
  sink?: RecordSink;
}

export interface RecordSink {
  /** Whether the records' files arrive anywhere; see `TaskContext.wantsFiles`. */
  readonly wantsFiles: boolean;
  /**
   * Takes a record, which should then be forgotten; `ordinal` is its 0-based place in the run. Where it gives a promise,
   * the next record must wait for it.
   */
  add(record: DatasetRecord, dataId: string, ordinal: number): Promise<void> | undefined;
  /** Called after each batch of records. Resolves when there may be more. */
  flush(): Promise<void>;
}

/** Milliseconds after which progress is told though no batch is full. */
const TELL_INTERVAL = 200;

/**
 * Reads the whole source once through the task: checks every record and hands batches to the sink. After the first
 * error nothing goes to the sink any more, but the checking goes on to the end.
 */
export async function readDataset(config: RunConfig, options: ReadOptions): Promise<ValidationResult> {
  const { phase, signal, observer, sink } = options;
  const { path, format, csv } = config.source;
  const started = performance.now();
  const report = createReport();
  const reader = openReader({ format, path, file: path, csv, missing: config.task.missing });
  const dataIdOf = createDataIds(config.dataId, options.runId, path, report);

  let count = 0;
  let told = started;
  const tell = () => {
    observer.progress({ phase, records: count, done: reader.read, total: reader.size });
    told = performance.now();
  };
  tell();
  try {
    for await (const records of recordsOf(config, reader, report, signal, sink?.wantsFiles ?? false)) {
      for (const record of records) {
        const dataId = dataIdOf(record, count);
        const isWanted = sink !== undefined && report.errors === 0;
        const room = isWanted ? sink.add(record, dataId, count) : undefined;
        // Most sinks have room at once: a pause for each record would cost more than the record.
        if (room) await room;
        count++;
        if (count % config.batchSize !== 0) continue;
        if (isWanted) await sink.flush();
        tell();
      }
      // Records that bring files may take long to fill a batch.
      if (performance.now() - told > TELL_INTERVAL) tell();
      signal.throwIfAborted();
    }
    if (report.errors === 0) await sink?.flush();
    tell();
  } catch (error) {
    throw signal.aborted ? new InterruptedError() : error;
  }

  return {
    valid: report.errors === 0,
    task: config.task.id,
    table: config.table,
    intent: config.intent,
    source: path,
    found: count + reader.skipped,
    skipped: reader.skipped,
    errors: report.errors,
    warnings: report.warnings,
    totals: report.totals(),
    findings: report.findings(),
    seconds: (performance.now() - started) / 1000,
  };
}

function recordsOf(
  config: RunConfig,
  dataset: DatasetReader,
  report: Report,
  signal: AbortSignal,
  wantsFiles: boolean,
): AsyncIterable<DatasetRecord[]> {
  return config.task.records({
    dataset,
    options: config.options,
    label: config.label?.column,
    key: config.dataId.strategy === 'column' ? config.dataId.column : undefined,
    schema: config.schema,
    columns: config.columns,
    folders: config.source.sidecars,
    get wantsFiles() {
      return wantsFiles && report.errors === 0;
    },
    report,
    signal,
  });
}
