import type { RegistrationCall, RunRow, ShardRow } from '@tracebloc/ingestor-storage';
import { decide } from '../run/decide.js';

/** What the ledger holds of a run. */
export interface RunAccount {
  run: RunRow;
  shards: readonly ShardRow[];
  /** The backend calls that are made once, and were made. */
  calls: readonly RegistrationCall[];
  /** The table's newest run that is not dropped or superseded. */
  current: RunRow | undefined;
}

/** Returns a sentence about what the same command would do now, if its source and its table are as they were. */
export function describeResume({ run, shards, calls, current }: RunAccount): string {
  if (run.state === 'dropped') {
    return 'There is nothing to resume: the run was dropped, and the same command begins a new one.';
  }
  if (run.state === 'superseded') {
    return 'There is nothing to resume: the dataset was replaced or deleted, and the same command begins a new run.';
  }
  if (current && current.runId !== run.runId) {
    return `It cannot be resumed as long as the table has the newer run ${current.runId} (${current.state}).`;
  }
  const decision = decide({
    earlier: run,
    identity: run,
    registry: run.registry,
    restart: false,
    isShard: run.shards > 1,
    facts: { hasTable: true, hasSameContent: true },
  });
  switch (decision.action) {
    case 'resume':
      if (run.state === 'staging') return run.shards > 1 ? resumeShards(run, shards) : resumeStaging(run);
      return `The same command compares the ${run.staged} staged records with what was loaded, then publishes and registers them.`;
    case 'finish-publishing':
      return 'The same command, or any other ingest into the table, finishes publishing first; then it registers the dataset.';
    case 'finish-registration':
      if (run.verified)
        return `The dataset is complete; the same command completes its registration: ${missing(run, calls)}.`;
      return 'The dataset is published; the same command compares it with what was loaded, then registers it.';
    case 'unchanged':
      return 'There is nothing left to do: the same command changes nothing.';
    default:
      throw new Error(`A command like that of run ${run.runId} would not continue it: ${decision.action}.`);
  }
}

function resumeStaging({ staged }: RunRow): string {
  const where = staged === 0 ? 'from the first record' : `after record ${staged}`;
  return `The same command checks the source from its start, continues writing ${where}, then publishes and registers.`;
}

function resumeShards({ shards: count }: RunRow, shards: readonly ShardRow[]): string {
  const done = new Set(shards.filter(({ state }) => state === 'staged').map(({ shard }) => shard));
  const open = Array.from({ length: count }, (_, shard) => shard).filter((shard) => !done.has(shard));
  if (open.length === 0) return 'Any shard that is started again publishes and registers the dataset.';
  const which = open.length === 1 ? `shard ${open[0]}` : `shards ${open.join(', ')}`;
  return `Of ${count} shards ${done.size} are done; ${which} must run, each from its last committed batch, and the last publishes.`;
}

function missing({ staged, sent }: RunRow, calls: readonly RegistrationCall[]): string {
  const made = calls.length === 0 ? 'none of the calls made once' : `of the calls made once ${calls.join(', ')}`;
  return `a backend has acknowledged ${sent} of ${staged} records and ${made}`;
}
