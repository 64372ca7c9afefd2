import type { IngestorError } from '@tracebloc/ingestor-core';
import type { Shard } from '@tracebloc/ingestor-config';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { dropRun } from '../run/drop-run.js';
import type { Stores } from '../stores.js';
import { invalidElsewhere } from './errors.js';

/** Ends the run for every shard, because this one has found errors. The ledger says so before anything is removed. */
export async function failRun(stores: Stores, run: RunRow, shard: Shard): Promise<void> {
  const { ledger } = stores.database;
  await ledger.setShard(run.runId, shard.index, 'invalid');
  await ledger.setState(run.runId, 'dropped');
  await dropRun(stores, run);
}

/** Ends this shard of a run that another shard has ended, and removes what this one still staged. Returns the error to throw. */
export async function stopShard(stores: Stores, run: RunRow, shard: Shard): Promise<IngestorError> {
  const { ledger } = stores.database;
  const error = invalidElsewhere(run, await ledger.shards(run.runId));
  await dropRun(stores, run);
  await ledger.setShard(run.runId, shard.index, 'stopped');
  return error;
}
