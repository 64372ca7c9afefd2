import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import type { Staging, StagedBatch } from '@tracebloc/ingestor-storage';
import { readDataset } from './read-dataset.js';
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
    const sink = (batch: StagedBatch) => writer.write(batch);
    return await readDataset(config, { runId: run.runId, phase: 'stage', signal, observer, sink });
  } finally {
    // The batch under way is finished whatever happened, so that a resumed run finds it committed.
    await writer.finish().finally(() => staging.close());
  }
}

/** Hands the next batch over while one is under way, and then waits for that one. */
class OverlappedWriter {
  #underWay: Promise<void> = Promise.resolve();
  readonly #committed: number;

  constructor(private readonly staging: Staging) {
    this.#committed = staging.committed;
  }

  async write(batch: StagedBatch): Promise<void> {
    const rest = fromOrdinal(batch, this.#committed);
    if (rest.records.length === 0) return;
    const before = this.#underWay;
    this.#underWay = this.staging.write(rest);
    // The next `write` or `finish` takes the error; until then it must not count as unhandled.
    this.#underWay.catch(() => undefined);
    await before;
  }

  finish(): Promise<void> {
    return this.#underWay;
  }
}

/** The part of the batch whose ordinals are not below `ordinal`. */
function fromOrdinal(batch: StagedBatch, ordinal: number): StagedBatch {
  const skip = Math.max(0, ordinal - batch.firstOrdinal);
  if (skip === 0) return batch;
  return {
    number: batch.number,
    firstOrdinal: batch.firstOrdinal + skip,
    records: batch.records.slice(skip),
    dataIds: batch.dataIds.slice(skip),
  };
}
