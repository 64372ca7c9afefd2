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
import { errors } from '../errors.js';
import type { ValidationResult } from '../result.js';
import { enterPhase, hasFiles, type RunContext } from './run-context.js';
import { checkRoomForFiles } from './volume.js';

/**
 * Validates the source and writes its records to the run's staging table in the same pass, reading the next batch while
 * the server works on the last. Batches that an earlier process of the run committed are checked but not written again.
 * If anything is invalid, the run is dropped.
 */
export async function stageDataset(context: RunContext): Promise<ValidationResult> {
  const { ledger } = context.database;
  let staged: Staged;
  try {
    staged = await stageRecords(context, await openStaging(context));
  } catch (error) {
    await context.readBack?.close();
    // What the database refuses in the data or the schema, it would refuse again.
    if (error instanceof IngestorError && error.exitCode === ExitCode.invalidData) await dropRun(context, context.run);
    throw error;
  }
  const { validation, outcome } = staged;
  const { runId } = context.run;
  if (validation.valid) {
    const committed = (await ledger.get(runId))!.staged;
    if (committed !== outcome.records) throw stagedDiffers(committed, outcome.records);
    await ledger.setState(runId, 'staged', outcome.checksums ?? undefined, outcome.statistics ?? undefined);
    enterPhase(context, 'staged');
  } else {
    await context.readBack?.close();
    await dropRun(context, context.run);
  }
  return validation;
}

function stagedDiffers(staged: number, records: number): IngestorError {
  return errors.make('staged-differs', {
    message: `The ledger counts ${staged} staged records, but the dataset has ${records}; nothing was published.`,
    fix: 'Run again with --restart: it drops the staged records and begins anew.',
  });
}

export interface Staged {
  validation: ValidationResult;
  outcome: ShardOutcome;
  /** The id of the last record. */
  lastId: number;
}

/** What a process of a run writes to. */
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

/** Reads and writes the records of this process. `mayGoOn` is called before each batch, and throws to stop the process. */
export async function stageRecords(
  context: RunContext,
  { staging, files }: OpenStaging,
  mayGoOn?: () => Promise<void>,
): Promise<Staged> {
  const { config, run, shard, signal, observer } = context;
  observer.info(`Rows travel by ${staging.method}; ${staging.committed} records are staged already.`);
  const checksums = new ColumnChecksums(config.columns);
  const writer = new OverlappedWriter(context, { staging, files }, checksums, mayGoOn);
  try {
    const about = { runId: run.runId, phase: 'stage', shard, signal, observer, sink: writer, before: run } as const;
    const { validation, outcome, reading } = await readShard(config, about);
    // After an error nothing more was staged, and the run will be dropped.
    const hashes = validation.valid ? await writer.complete() : undefined;
    return {
      validation,
      lastId: writer.lastId,
      outcome: {
        ...outcome,
        checksums: { ...checksums.result, ...(hashes && { files: hashes }), source: [reading] },
      },
    };
  } finally {
    // The batch that is being written is completed after a failure too, so that the next process finds it committed.
    await writer.finish().finally(() => Promise.all([staging.close(), files?.close()]));
  }
}

/** Batches, and characters, that wait at most while the database is busy; they are then committed together. */
const GROUP_BATCHES = 3;
const GROUP_TEXT = 8 << 20;
/** Commits that may be under way: the database writes one, and the next is ready when that is done. */
const MOST_COMMITS = 2;

/**
 * Commits batches while the next are read. If the database is slower, batches wait and are then committed together, which
 * costs it less. A batch is committed after the files of its records have arrived, so that committed records have their files.
 */
class OverlappedWriter implements RecordSink {
  readonly wantsFiles = true;
  readonly #commits = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;
  #open: OpenBatch | undefined;
  /** What `#open` holds, and its end: the ordinal after its last record. */
  #records = 0;
  #text = 0;
  #end = 0;
  #hasBegun = false;
  /** The id of the last record; `undefined` before the first. */
  #lastId: number | undefined;

  constructor(
    private readonly context: RunContext,
    private readonly target: OpenStaging,
    private readonly checksums: ColumnChecksums,
    private readonly mayGoOn: () => Promise<void> = async () => undefined,
  ) {}

  get lastId(): number {
    return this.#lastId ?? 0;
  }

  add(record: DatasetRecord, dataId: string, ordinal: number): Promise<void> | undefined {
    // The sums of records that an earlier process committed were lost with that process.
    this.checksums.add(ordinal + 1, record, dataId);
    // This includes committed records: a file that an earlier process copied may have been lost.
    const { staging, files } = this.target;
    if (this.#lastId === undefined) this.context.readBack?.readTo(Math.max(staging.committed, ordinal), ordinal);
    this.#lastId = ordinal + 1;
    const room = record.files.length > 0 ? files?.add(record.files) : undefined;
    if (ordinal >= staging.committed) {
      this.#open ??= staging.begin(ordinal);
      this.#open.add(record, dataId);
      this.#records++;
      this.#end = ordinal + 1;
    }
    return room;
  }

  async flush(text: number): Promise<void> {
    await this.mayGoOn();
    await this.target.files?.drain();
    this.#text += text;
    if (this.#open && this.#isDue) {
      while (this.#commits.size >= MOST_COMMITS) await Promise.race(this.#commits);
      this.#commit(this.#open);
    }
    if (this.#failure) throw this.#failure.error;
  }

  get #isDue(): boolean {
    return (
      this.#commits.size < MOST_COMMITS ||
      this.#records >= GROUP_BATCHES * this.context.config.batchSize ||
      this.#text >= GROUP_TEXT
    );
  }

  #commit(batch: OpenBatch): void {
    if (!this.#hasBegun) enterPhase(this.context, 'staging');
    this.#hasBegun = true;
    this.context.observer.debug('Committing a batch.');
    const end = this.#end;
    const commit = batch.commit().then(
      () => this.context.readBack?.readTo(end),
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
    this.#commits.add(commit);
    void commit.then(() => this.#commits.delete(commit));
    this.#open = undefined;
    this.#records = this.#text = 0;
  }

  /** Commits the last batches. Returns the checksum of the files' hashes, or `undefined` if the task has no files. */
  async complete(): Promise<ColumnChecksum | undefined> {
    if (this.#open) this.#commit(this.#open);
    await this.finish();
    return this.target.files?.complete();
  }

  /** Waits for the batches that are being written. */
  async finish(): Promise<void> {
    await Promise.all([...this.#commits, this.target.files?.drain()]);
    if (this.#failure) throw this.#failure.error;
  }
}
