import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import type { RunRow, ShardRow } from '@tracebloc/ingestor-storage';

/** The dataset is not valid, and another shard tells why. */
export function invalidElsewhere(run: RunRow, shards: readonly ShardRow[]): IngestorError {
  const found = shards.filter(({ state }) => state === 'invalid').map(({ shard, host }) => `${shard} (on ${host})`);
  const who = found.length === 0 ? 'Another process' : `Shard ${found.join(' and ')}`;
  return new IngestorError({
    code: 'invalid-elsewhere',
    message: `${who} found errors in the dataset for table ${run.table}, so that this shard is not needed; nothing was published.`,
    fix: 'Correct what that shard reports, then ingest again with every shard.',
    exitCode: ExitCode.invalidData,
  });
}

/** The shards' records are not those that one process would have made. */
export function shardsDoNotFit(staged: number, total: number): IngestorError {
  return new IngestorError({
    code: 'shards-do-not-fit',
    message: `The shards have staged ${staged} records, but the dataset has ${total}; nothing was published.`,
    fix: [
      'Ingest the dataset in one process, without --shards.',
      "The task's records do not tell their rows, or differ from one reading to the next: tell the author of its plugin.",
    ],
  });
}
