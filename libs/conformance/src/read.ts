import type { DatasetReader, DatasetRecord, JsonValue, RowBatch } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { type CollectedReport, type ReaderShard, createReport, openReader } from '@tracebloc/ingestor-dataset';

export interface ReadOptions {
  /** Default: true, as in a run that has met no error. */
  wantsFiles?: boolean;
  signal?: AbortSignal;
  /** The label's column, instead of the configured one. */
  label?: string;
  /** Receives the bytes read so far, before every few rows. The manifest ends when it returns false. */
  watch?: (bytes: number) => boolean;
  /** Reads as one of several processes. `take` then receives only the records of this one. */
  shard?: ReaderShard;
  /** Receives what a shard hands on. */
  handOn?: (part: JsonValue) => void;
  /** Receives each record. */
  take?: (record: DatasetRecord) => void;
}

/** Reads a dataset through its task, as a run does. */
export async function readDataset(config: RunConfig, options: ReadOptions = {}): Promise<CollectedReport> {
  const { wantsFiles = true, signal = new AbortController().signal, watch, take, shard, handOn } = options;
  const { path, format, csv, json, sidecars } = config.source;
  const report = createReport();
  const reader = openReader({ format, path, file: path, csv, json, missing: config.task.missing, shard });
  const records = config.task.records({
    dataset: watch ? watched(reader, watch) : reader,
    options: config.options,
    label: config.label && (options.label ?? config.label.column),
    key: config.dataId.strategy === 'column' ? config.dataId.column : undefined,
    filename: config.filename,
    schema: config.schema,
    columns: config.columns,
    folders: sidecars,
    wantsFiles,
    handOn,
    report,
    signal,
  });
  for await (const batch of records) {
    for (const record of batch) if (!shard || reader.isOwn(record.row)) take?.(record);
  }
  return report;
}

/** The rows that a watched reader yields at a time. They are few, since each may name a large image. */
const SLICE = 16;

function watched(reader: DatasetReader, watch: (bytes: number) => boolean): DatasetReader {
  const open: DatasetReader['open'] = async (report, signal) => {
    const manifest = await reader.open(report, signal);
    return manifest && { header: manifest.header, batches: slices(manifest.batches) };
  };
  async function* slices(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch, void> {
    for await (const { rows, lines } of batches) {
      for (let from = 0; from < rows.length; from += SLICE) {
        if (!watch(reader.read)) return;
        yield { rows: rows.slice(from, from + SLICE), lines: lines.slice(from, from + SLICE) };
      }
    }
  }
  // Everything except `open` comes from the reader itself, whose counters change while it is read.
  return new Proxy(reader, {
    get: (target, name) => {
      if (name === 'open') return open;
      const member = Reflect.get(target, name) as unknown;
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
