import { ExitCode } from '@tracebloc/ingestor-core';
import { CONTAINER } from './objects.js';
import type { Job, Pod } from './cluster.js';

/** The annotation in which Kubernetes writes the index of a pod. */
const INDEX = 'batch.kubernetes.io/job-completion-index';

/**
 * Returns the spec as that of an Indexed Job, which runs a pod for each shard and passes it the index as
 * JOB_COMPLETION_INDEX. Each shard may be tried as often as the run may be.
 */
export function inShards({ backoffLimit, podFailurePolicy, ...spec }: JobSpec, shards: number): JobSpec {
  const values = [ExitCode.invalidData];
  return {
    completionMode: 'Indexed',
    completions: shards,
    parallelism: shards,
    backoffLimitPerIndex: backoffLimit,
    podFailurePolicy: {
      rules: [
        // The other shards learn of bad data from the ledger. To end the Job would remove the pod that still has to report it.
        { action: 'FailIndex', onExitCodes: { containerName: CONTAINER, operator: 'In', values } },
        // The first rule that matches counts.
        ...podFailurePolicy!.rules,
      ],
    },
    ...spec,
  };
}

type JobSpec = NonNullable<Job['spec']>;

/** Returns the number of shards, or undefined when the Job is one run. */
export function shardsOf({ spec }: Job): number | undefined {
  return spec?.completionMode === 'Indexed' ? spec.completions : undefined;
}

/** Returns the shard that the pod runs, or undefined when the Job is one run. */
export function shardOf({ metadata }: Pod): number | undefined {
  const index = metadata?.annotations?.[INDEX];
  return index === undefined ? undefined : Number(index);
}

/** Returns the newest pod of each shard, in the order of the shards, or of the one run. `pods` has the oldest first. */
export function newestPods(shards: number | undefined, pods: readonly Pod[]): (Pod | undefined)[] {
  const newest = new Array<Pod | undefined>(shards ?? 1).fill(undefined);
  for (const pod of pods) newest[shardOf(pod) ?? 0] = pod;
  return newest;
}

/** Tells whether intervals such as `1,3-5` hold the index. */
export function hasIndex(intervals: string | undefined, index: number): boolean {
  return (intervals ?? '').split(',').some((interval) => {
    const [first, last = first] = interval.split('-').map(Number);
    return interval !== '' && first! <= index && index <= last!;
  });
}

/** Returns the prefix of each line of the pod's log, which names its shard. */
export function linePrefix(pod: Pod): string {
  const shard = shardOf(pod);
  return shard === undefined ? '' : `shard ${shard} | `;
}
