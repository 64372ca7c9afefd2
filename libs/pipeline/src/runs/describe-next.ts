import type { RegistrationCall, RunRow, ShardRow } from '@tracebloc/ingestor-storage';

/** What the ledger holds of a run. */
export interface RunAccount {
  run: RunRow;
  shards: readonly ShardRow[];
  /** Backend calls that are made once, and were. */
  calls: readonly RegistrationCall[];
  /** The table's newest run that is not dropped or superseded. */
  current: RunRow | undefined;
}

/** What the same command would do now, in a sentence. */
export function describeResume({ run, shards, calls, current }: RunAccount): string {
  switch (run.state) {
    case 'dropped':
      return 'There is nothing to resume: the run was dropped, and the same command begins a new one.';
    case 'superseded':
      return 'There is nothing to resume: the dataset was replaced or deleted, and the same command begins a new run.';
  }
  if (current && current.runId !== run.runId) {
    return `It cannot be resumed as long as the table's newer run ${current.runId} (${current.state}) is there.`;
  }
  switch (run.state) {
    case 'staging':
      return run.shards > 1 ? resumeShards(run, shards) : resumeStaging(run);
    case 'staged':
      return `The same command compares the ${run.staged} staged records with what was loaded, publishes and registers them.`;
    case 'publishing':
      return 'The same command, or any other ingest into the table, finishes publishing first; then it registers the dataset.';
    case 'published':
      if (!run.verified) {
        return 'The dataset is published; the same command compares it with what was loaded, then registers it.';
      }
      return `The dataset is complete; the same command registers what is missing: ${missing(run, calls)}.`;
    case 'registered':
      return 'There is nothing left to do: the same command changes nothing.';
  }
}

function resumeStaging({ staged }: RunRow): string {
  const where = staged === 0 ? 'at the first record' : `after record ${staged}`;
  return `The same command checks the source from its start, writes on ${where}, then publishes and registers.`;
}

function resumeShards({ shards: count }: RunRow, shards: readonly ShardRow[]): string {
  const isDone = new Set(shards.filter(({ state }) => state === 'staged').map(({ shard }) => shard));
  const open = Array.from({ length: count }, (_, shard) => shard).filter((shard) => !isDone.has(shard));
  if (open.length === 0) return 'Any shard that is started again publishes and registers the dataset.';
  const which = open.length === 1 ? `shard ${open[0]}` : `shards ${open.join(', ')}`;
  return `Of ${count} shards ${isDone.size} are done; ${which} must run, each from its last committed batch, and the last publishes.`;
}

function missing({ staged, sent }: RunRow, calls: readonly RegistrationCall[]): string {
  const made = calls.length === 0 ? 'none of the calls made once' : `of the calls made once ${calls.join(', ')}`;
  return `a backend has acknowledged ${sent} of ${staged} records and ${made}`;
}
