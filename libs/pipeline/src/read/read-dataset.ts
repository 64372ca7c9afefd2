import { ExitCode, IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import type { DatasetReader, DatasetRecord, JsonValue } from '@tracebloc/ingestor-contract';
import type { RunConfig, Shard } from '@tracebloc/ingestor-config';
import { createReport, openReader, type CollectedReport, type ManifestReading } from '@tracebloc/ingestor-dataset';
import type { ShardOutcome } from '@tracebloc/ingestor-storage';
import { refuseChange } from './refuse-change.js';
import { createDataIds } from './data-id.js';
import type { SourceIdentity } from './fingerprint.js';
import { rowsOutOfOrder } from '../shard/errors.js';
import type { Phase, RunObserver } from '../observer.js';
import type { ValidationResult } from '../result.js';
import { validationOf } from './validation.js';

export interface ReadOptions {
  /** From which data_ids are derived. */
  runId: string;
  phase: Phase;
  signal: AbortSignal;
  observer: RunObserver;
  /** Which rows are this process's; default: all. */
  shard?: Shard;
  /** Takes the records, in order, as long as no error was found. */
  sink?: RecordSink;
  /** What the source was before. Findings are told only of a source that still is that; so are failures of the system. */
  before?: SourceIdentity;
}

/** What the reading tells of a shard. */
export type ReadOutcome = Omit<ShardOutcome, 'checksums'>;

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

/**
 * Characters after which a batch ends that has fewer than BATCH_SIZE records, so that its memory does not grow with the
 * records' width: up to three batches are in memory, the one being read, one that waits and one under way.
 */
export const BATCH_TEXT = 16 << 20;
/** Characters that each cell counts for beside its own: what a short one takes in memory, and as an encoded NULL. */
const CELL_OVERHEAD = 16;

/** Milliseconds after which progress is told though no batch is full. */
const TELL_INTERVAL = 200;

/**
 * Reads the source once through the task, or of it the records of a shard: checks every record and hands batches to the
 * sink. After the first error nothing goes to the sink any more, but the checking goes on to the end. Throws
 * `source-changed-while-read` where the manifest is not what was read of it any more, whatever was found in it.
 */
export async function readShard(
  config: RunConfig,
  options: ReadOptions,
): Promise<{ validation: ValidationResult; outcome: ReadOutcome; reading: ManifestReading }> {
  const { phase, signal, observer, sink, shard, before } = options;
  const { path, format, csv } = config.source;
  const { missing, shards: rule } = config.task;
  const started = performance.now();
  const report = createReport();
  const place = shard && { ...shard, rows: rule?.rows ?? 'all' };
  const reader = openReader({ format, path, file: path, csv, missing, shard: place });
  const dataIdOf = createDataIds(config.dataId, options.runId, path, report);
  let part: JsonValue = null;
  const handOn = shard && rule?.conclude && ((given: JsonValue) => (part = given));

  /** Records that the task has made, and of these the ones of this process. */
  let made = 0;
  let own = 0;
  let firstOwn: number | undefined;
  let batch = { records: 0, text: 0 };
  let told = started;
  const tell = () => {
    observer.progress({ phase, records: own, done: reader.read, total: reader.size });
    told = performance.now();
  };
  tell();
  try {
    for await (const records of recordsOf(config, reader, report, { signal, wantsFiles: sink?.wantsFiles, handOn })) {
      for (const record of records) {
        const ordinal = reader.passed + made++;
        if (shard && !reader.isOwn(record.row)) continue;
        firstOwn ??= ordinal;
        if (ordinal !== firstOwn + own) throw rowsOutOfOrder();
        const dataId = dataIdOf(record, ordinal);
        const isWanted = sink !== undefined && report.errors === 0;
        const room = isWanted ? sink.add(record, dataId, ordinal) : undefined;
        // Most sinks have room at once: a pause for each record would cost more than the record.
        if (room) await room;
        own++;
        batch.records++;
        batch.text += textOf(record);
        if (batch.records < config.batchSize && batch.text < BATCH_TEXT) continue;
        batch = { records: 0, text: 0 };
        if (isWanted) await sink.flush();
        tell();
      }
      // Records that bring files may take long to fill a batch.
      if (performance.now() - told > TELL_INTERVAL) tell();
      signal.throwIfAborted();
    }
    if (report.errors === 0) await sink?.flush();
    tell();
    await reader.confirm(signal);
    if (before && report.errors > 0) await refuseChange(config, before);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    // A file or folder that went away.
    const isUnreadable = !(error instanceof IngestorError) || error.exitCode === ExitCode.usage;
    if (before && isUnreadable) await refuseChange(config, before, error);
    throw error;
  }

  const { skipped } = reader;
  return {
    validation: validationOf(config, report, { found: own + skipped, skipped, started }),
    outcome: { records: own, skipped, total: reader.passed + made, part },
    reading: reader.reading,
  };
}

/** Characters that the record counts for in its batch. */
function textOf({ annotation, values }: DatasetRecord): number {
  let text = CELL_OVERHEAD * (values.length + 1) + (annotation?.length ?? 0);
  for (let index = 0; index < values.length; index++) text += values[index]?.length ?? 0;
  return text;
}

function recordsOf(
  config: RunConfig,
  dataset: DatasetReader,
  report: CollectedReport,
  {
    signal,
    wantsFiles = false,
    handOn,
  }: { signal: AbortSignal; wantsFiles?: boolean; handOn?: (part: JsonValue) => void },
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
    handOn,
    report,
    signal,
  });
}
