import { ExitCode, IngestorError, type DatasetRecord } from '@tracebloc/ingestor-contract';
import type { OpenBatch, Staging } from '@tracebloc/ingestor-storage';
import { readDataset, type RecordSink } from './read-dataset.js';
import type { ValidationResult } from './result.js';
import type { RunContext } from './run-context.js';

/**
 * Validates the source and writes its records to the run's staging table in the same pass, reading the next batch while
 * the server works on the last. Batches that an earlier process of the run committed are checked but not written again.
 * When anything is invalid, nothing of the run is left.
 */
export async function stageDataset(context: RunContext): Promise<ValidationResult> {
  let validation: ValidationResult;
  try {
    validation = await stage(context);
  } catch (error) {
    // What only the database could find wrong with the data or the schema is not mended by continuing.
    if (error instanceof IngestorError && error.exitCode === ExitCode.invalidData) await drop(context);
    throw error;
  }
  if (validation.valid) await context.database.ledger.setState(context.run.runId, 'staged');
  else await drop(context);
  return validation;
}

async function drop({ database, run }: RunContext): Promise<void> {
  await database.dropStaging(run.runId);
  await database.ledger.setState(run.runId, 'dropped');
}

async function stage({ config, database, run, signal, observer }: RunContext): Promise<ValidationResult> {
  const staging = await database.stage(run, { table: config.table, columns: config.columns });
  observer.info(`Rows travel by ${staging.method}; ${staging.committed} records are staged already.`);
  const writer = new OverlappedWriter(staging);
  try {
    return await readDataset(config, { runId: run.runId, phase: 'stage', signal, observer, sink: writer });
  } finally {
    // The batch under way is finished whatever happened, so that a resumed run finds it committed.
    await writer.finish().finally(() => staging.close());
  }
}

/** Commits a batch while the next is read; no more than one waits behind the one under way. */
class OverlappedWriter implements RecordSink {
  #underWay: Promise<void> = Promise.resolve();
  #open: OpenBatch | undefined;

  constructor(private readonly staging: Staging) {}

  add(record: DatasetRecord, dataId: string, ordinal: number): void {
    if (ordinal < this.staging.committed) return;
    this.#open ??= this.staging.begin(ordinal);
    this.#open.add(record, dataId);
  }

  flush(): Promise<void> {
    const before = this.#underWay;
    if (this.#open) {
      this.#underWay = this.#open.commit();
      this.#open = undefined;
      // The next `flush` or `finish` takes the error; until then it must not count as unhandled.
      this.#underWay.catch(() => undefined);
    }
    return before;
  }

  finish(): Promise<void> {
    return this.#underWay;
  }
}
