import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import {
  ColumnChecksums,
  type ColumnChecksum,
  type FileStaging,
  type OpenBatch,
  type ShardOutcome,
  type Staging,
} from '@tracebloc/ingestor-storage';
import { readShard, type RecordSink } from '../read/read-dataset.js';
import { dropRun } from './drop-run.js';
import type { RunObserver } from '../observer.js';
import type { ValidationResult } from '../result.js';
import { hasFiles, type RunContext } from './run-context.js';
import { checkRoomForFiles } from './volume.js';

/**
 * Validates the source and writes its records to the run's staging table in the same pass, reading the next batch while
 * the server works on the last. Batches that an earlier process of the run committed are checked but not written again.
 * When anything is invalid, nothing of the run is left.
 */
export async function stageDataset(context: RunContext): Promise<ValidationResult> {
  const { ledger } = context.database;
  let staged: Staged;
  try {
    staged = await stageRecords(context, await openStaging(context));
  } catch (error) {
    // What only the database could find wrong with the data or the schema is not mended by continuing.
    if (error instanceof IngestorError && error.exitCode === ExitCode.invalidData) await dropRun(context, context.run);
    throw error;
  }
  const { validation, outcome } = staged;
  const { runId } = context.run;
  if (validation.valid) {
    const committed = (await ledger.get(runId))!.staged;
    if (committed !== outcome.records) throw stagedDiffers(committed, outcome.records);
    await ledger.setState(runId, 'staged', outcome.checksums ?? undefined);
  } else {
    await dropRun(context, context.run);
  }
  return validation;
}

/** What is published is seen by others, and replaces what was there: better to find out before. */
function stagedDiffers(staged: number, records: number): IngestorError {
  return new IngestorError({
    code: 'staged-differs',
    message: `The ledger counts ${staged} staged records, but the dataset has ${records}; nothing was published.`,
    fix: 'Run again with --restart: it drops what is staged and begins anew.',
  });
}

export interface Staged {
  validation: ValidationResult;
  outcome: ShardOutcome;
}

/** Where a process of a run writes. */
export interface OpenStaging {
  staging: Staging;
  files?: FileStaging;
}

export async function openStaging({ config, database, folders, run, shard }: RunContext): Promise<OpenStaging> {
  const files = hasFiles(config) ? await folders.stage(run.runId, shard?.index) : undefined;
  if (files) await checkRoomForFiles(config, files);
  const staging = await database.stage(run, { table: config.table, columns: config.columns }, shard?.index);
  return { staging, files };
}

/** Reads and writes the records of this process. `mayGoOn` is asked before each batch, and throws where it may not. */
export async function stageRecords(
  { config, run, shard, signal, observer }: RunContext,
  { staging, files }: OpenStaging,
  mayGoOn?: () => Promise<void>,
): Promise<Staged> {
  observer.info(`Rows travel by ${staging.method}; ${staging.committed} records are staged already.`);
  const checksums = new ColumnChecksums(config.columns);
  const writer = new OverlappedWriter(staging, files, checksums, observer, mayGoOn);
  try {
    const about = { runId: run.runId, phase: 'stage', shard, signal, observer, sink: writer, before: run } as const;
    const { validation, outcome, reading } = await readShard(config, about);
    // After an error nothing went to the staging any more, which then is dropped.
    const hashes = validation.valid ? await writer.complete() : undefined;
    return {
      validation,
      outcome: {
        ...outcome,
        checksums: { ...checksums.result, ...(hashes && { files: hashes }), source: [reading] },
      },
    };
  } finally {
    // The batch under way is finished whatever happened, so that a resumed run finds it committed.
    await writer.finish().finally(() => staging.close());
  }
}

/**
 * Commits a batch while the next is read; no more than one waits behind the one under way. A batch is committed when
 * the files of its records have arrived, so that what is committed is whole.
 */
class OverlappedWriter implements RecordSink {
  readonly wantsFiles = true;
  #underWay: Promise<void> = Promise.resolve();
  #open: OpenBatch | undefined;

  constructor(
    private readonly staging: Staging,
    private readonly files: FileStaging | undefined,
    private readonly checksums: ColumnChecksums,
    private readonly observer: RunObserver,
    private readonly mayGoOn: () => Promise<void> = async () => undefined,
  ) {}

  add(record: DatasetRecord, dataId: string, ordinal: number): Promise<void> | undefined {
    // Also of records that an earlier process committed, whose sums went with it.
    this.checksums.add(ordinal + 1, record, dataId);
    // Files that an earlier process brought are there already; of any that are not, the folder was lost.
    const room = record.files.length > 0 ? this.files?.add(record.files) : undefined;
    if (ordinal >= this.staging.committed) {
      this.#open ??= this.staging.begin(ordinal);
      this.#open.add(record, dataId);
    }
    return room;
  }

  async flush(): Promise<void> {
    await this.mayGoOn();
    await this.files?.settle();
    const before = this.#underWay;
    if (this.#open) {
      this.observer.debug('Committing a batch.');
      this.#underWay = this.#open.commit();
      this.#open = undefined;
      // The next `flush` or `finish` takes the error; until then it must not count as unhandled.
      this.#underWay.catch(() => undefined);
    }
    return before;
  }

  /** Gives the checksum of the files' hashes, where there are files. */
  async complete(): Promise<ColumnChecksum | undefined> {
    await this.finish();
    return this.files?.complete();
  }

  async finish(): Promise<void> {
    await Promise.all([this.#underWay, this.files?.settle()]);
  }
}
