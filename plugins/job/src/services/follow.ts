import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { IngestorError, printableLine } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import { Patience } from './patience.js';
import { PodLogs } from './pod-logs.js';
import { shardOf } from './shards.js';
import { StartWatch } from './start-watch.js';
import { observeJob, UNKNOWN_JOB, type JobState, type Observation } from './state.js';
import type { Pod } from './kube-types.js';

/** Milliseconds between two looks at a Job, and more for each of its pods, whose list is as long. */
const INTERVAL = 1000;
const INTERVAL_PER_POD = 10;

export interface FollowOptions {
  signal: AbortSignal;
  /** Told of each line of the run's log, or of its shards' logs; absent: none is read. */
  print?: (line: string) => void;
  /** What happens beside the log. */
  tell: (text: string) => void;
  /** For how long a Job of which nothing runs may wait, in milliseconds. */
  startTimeout: number;
}

/**
 * Stays with a Job until it has ended, over all its pods. Throws an `IngestorError` when the Job is not there or is
 * deleted, when no pod can start, and when the API server stays away; the signal's reason when that is aborted.
 */
export async function followJob(cluster: Cluster, name: string, options: FollowOptions): Promise<JobState> {
  const { tell } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  // Each log that is read listens to it.
  setMaxListeners(0, signal);
  const patience = new Patience(tell, signal);
  const logs = new PodLogs(cluster, { ...options, signal, patience });
  const watch = new StartWatch(cluster, options);
  try {
    let observation = await observeJob(cluster, name);
    for (;;) {
      const { state, pods } = observation;
      logs.read(pods);
      if (state.phase === 'succeeded' || state.phase === 'failed') {
        await logs.finish(pods);
        signal.throwIfAborted();
        return state;
      }
      watch.look(state);
      await sleep(INTERVAL + INTERVAL_PER_POD * pods.length, undefined, { signal });
      const next: Observation = await patience
        .repeat(() => observeJob(cluster, name))
        .catch((error: unknown) => {
          throw error instanceof IngestorError && error.code === UNKNOWN_JOB ? deleted(cluster, name) : error;
        });
      for (const pod of startedAgain(pods, next.pods)) {
        const shard = shardOf(pod);
        const run = shard === undefined ? 'the run' : `shard ${shard}`;
        tell(printableLine(`${name}: Kubernetes starts ${run} again, in pod ${pod.metadata!.name!}.`));
      }
      observation = next;
    }
  } finally {
    left.abort();
  }
}

/** The pods that are new and have taken the place of one that was there. */
function startedAgain(before: readonly Pod[], now: readonly Pod[]): Pod[] {
  const names = new Set(before.map(({ metadata }) => metadata!.name));
  const shards = new Set(before.map(shardOf));
  return now.filter((pod) => !names.has(pod.metadata!.name) && shards.has(shardOf(pod)));
}

function deleted({ namespace }: Cluster, name: string): IngestorError {
  return new IngestorError({
    code: 'job-deleted',
    message: `Job ${name} in namespace ${namespace} was deleted while it was followed.`,
    fix: 'Submit it again; the run continues at the last committed batch.',
  });
}
