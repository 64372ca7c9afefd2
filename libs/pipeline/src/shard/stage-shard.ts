import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { Shard } from '@tracebloc/ingestor-config';
import type { ValidationResult } from '../result.js';
import type { RunContext } from '../run/run-context.js';
import { stageRecords, type OpenStaging } from '../run/stage.js';
import { failRun, stopShard } from './drop.js';

/**
 * Validates and stages the shard's records. Where anything is invalid the run ends for all shards; where another has
 * ended it, `invalid-elsewhere` is thrown.
 */
export async function stageShard(context: RunContext, shard: Shard, open: OpenStaging): Promise<ValidationResult> {
  const { database, run } = context;
  const { ledger } = database;
  const isDropped = async () => (await ledger.get(run.runId))?.state === 'dropped';
  const mayGoOn = async () => {
    if (await isDropped()) throw new Error(`Run ${run.runId} was dropped.`);
  };
  try {
    const { validation, outcome } = await stageRecords(context, open, mayGoOn);
    if (validation.valid) await ledger.setShard(run.runId, shard.index, 'staged', outcome);
    else await failRun(context, run, shard);
    return validation;
  } catch (error) {
    // Whatever failed then did so because the run's table and folder are gone.
    if (await isDropped()) throw await stopShard(context, run, shard);
    // What only the database could find wrong with the data is not mended by continuing.
    if (error instanceof IngestorError && error.exitCode === ExitCode.invalidData) await failRun(context, run, shard);
    throw error;
  }
}
