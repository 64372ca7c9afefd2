import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunRow, ShardRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';

/** The dataset is not valid, and another shard tells why. */
export function invalidElsewhere(run: RunRow, shards: readonly ShardRow[]): IngestorError {
  const found = shards.filter(({ state }) => state === 'invalid').map(({ shard, host }) => `${shard} (on ${host})`);
  const who = found.length === 0 ? 'Another process' : `Shard ${found.join(' and ')}`;
  return errors.make('invalid-elsewhere', {
    message: `${who} found errors in the dataset for table ${run.table}, so that this shard is not needed; nothing was published.`,
    fix: 'Correct what that shard reports, then ingest again with every shard.',
  });
}

const IN_ONE = 'Ingest the dataset in one process, without --shards.';

/** The rows that a task's records name do not divide them into ranges. */
export function rowsOutOfOrder(): IngestorError {
  return errors.make('shards-do-not-fit', {
    message: "The task's records are not in the order of their rows, so that shards cannot divide them.",
    fix: [IN_ONE, 'Tell the author of the plugin.'],
  });
}

/** The shards' records are not those that one process would have made. */
export function shardsDoNotFit(staged: number, total: number): IngestorError {
  return errors.make('shards-do-not-fit', {
    message: `The shards have staged ${staged} records, but the dataset has ${total}; nothing was published.`,
    fix: [
      IN_ONE,
      "The task's records do not tell their rows, or differ from one reading to the next: tell the author of its plugin.",
    ],
  });
}
