import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { Shard } from '@tracebloc/ingestor-config';
import type { ValidationResult } from '../result.js';
import { enterPhase, type RunContext } from '../run/run-context.js';
import { compareOwnFiles } from '../verify/shard-files.js';
import { stageRecords, type OpenStaging } from '../run/stage.js';
import { failRun, stopShard } from './drop.js';

/**
 * Validates and stages the shard's records, and notes what was read back of them. If anything is invalid, the run ends for
 * all shards. Throws `invalid-elsewhere` if another shard has ended it.
 */
export async function stageShard(context: RunContext, shard: Shard, open: OpenStaging): Promise<ValidationResult> {
  const { database, run, readBack } = context;
  const { ledger } = database;
  const isDropped = async () => (await ledger.get(run.runId))?.state === 'dropped';
  const mayGoOn = async () => {
    if (await isDropped()) throw new Error(`Run ${run.runId} was dropped.`);
  };
  try {
    const { validation, outcome, lastId } = await stageRecords(context, open, mayGoOn);
    if (validation.valid) {
      const rows = await readBack?.finish(lastId);
      const files = open.files && (await compareOwnFiles(context, shard));
      if (rows || files) await database.keepReadBack({ runId: run.runId, ...shard }, { rows, files });
      await ledger.setShard(run.runId, shard.index, 'staged', outcome);
      enterPhase(context, 'staged');
    } else {
      // Nobody can remove the table while its rows are locked.
      await readBack?.close();
      await failRun(context, run, shard);
    }
    return validation;
  } catch (error) {
    await readBack?.close();
    // A dropped run has no table and no folder any more, which explains any failure.
    if (await isDropped()) throw await stopShard(context, run, shard);
    // What the database refuses in the data, it would refuse again.
    if (error instanceof IngestorError && error.exitCode === ExitCode.invalidData) await failRun(context, run, shard);
    throw error;
  }
}
