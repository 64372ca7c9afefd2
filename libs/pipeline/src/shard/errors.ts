import type { IngestorError } from '@tracebloc/ingestor-core';
import type { RunRow, ShardRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';

export function invalidElsewhere(run: RunRow, shards: readonly ShardRow[]): IngestorError {
  const found = shards.filter(({ state }) => state === 'invalid').map(({ shard, host }) => `${shard} (on ${host})`);
  const who = found.length === 0 ? 'Another process' : `Shard ${found.join(' and ')}`;
  return errors.make('invalid-elsewhere', {
    message: `${who} found errors in the dataset for table ${run.table}, so this shard was stopped; nothing was published.`,
    fix: 'Correct the errors that it reports, then ingest again with every shard.',
  });
}

const IN_ONE = 'Ingest the dataset in one process, without --shards.';

export function rowsOutOfOrder(): IngestorError {
  return errors.make('shards-do-not-fit', {
    message: "The task's records are not in the order of their rows, so they cannot be divided into shards.",
    fix: [IN_ONE, 'Report this to the author of the plugin.'],
  });
}

export function shardsDoNotFit(staged: number, total: number): IngestorError {
  return errors.make('shards-do-not-fit', {
    message: `The shards have staged ${staged} records, but the dataset has ${total}; nothing was published.`,
    fix: [
      IN_ONE,
      "The task's records name wrong rows, or differ from one reading to the next: report this to the author of its plugin.",
    ],
  });
}
