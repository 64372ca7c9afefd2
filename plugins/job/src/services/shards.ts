import { ExitCode } from '@tracebloc/ingestor-core';
import { CONTAINER } from './template.js';
import type { Job, Pod } from './kube-types.js';

/** Where Kubernetes writes a pod's index. */
const INDEX = 'batch.kubernetes.io/job-completion-index';

/**
 * The Job's spec as that of an Indexed Job, which runs a pod for each shard and tells it its own as
 * JOB_COMPLETION_INDEX. As often as the run may be tried, each shard may.
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
        // The others learn of bad data in the ledger; to end the Job would take away the pod that has yet to report it.
        { action: 'FailIndex', onExitCodes: { containerName: CONTAINER, operator: 'In', values } },
        // The first rule that fits counts.
        ...podFailurePolicy!.rules,
      ],
    },
    ...spec,
  };
}

type JobSpec = NonNullable<Job['spec']>;

/** How many there are; nothing where the Job is one run. */
export function shardsOf({ spec }: Job): number | undefined {
  return spec?.completionMode === 'Indexed' ? spec.completions : undefined;
}

/** Which one the pod runs; nothing where the Job is one run. */
export function shardOf({ metadata }: Pod): number | undefined {
  const index = metadata?.annotations?.[INDEX];
  return index === undefined ? undefined : Number(index);
}

/** The newest pod of each shard, in their order, or of the one run. `pods` has the oldest first. */
export function newestPods(shards: number | undefined, pods: readonly Pod[]): (Pod | undefined)[] {
  const newest = new Array<Pod | undefined>(shards ?? 1).fill(undefined);
  for (const pod of pods) newest[shardOf(pod) ?? 0] = pod;
  return newest;
}

/** Whether `1,3-5` has the index. */
export function hasIndex(intervals: string | undefined, index: number): boolean {
  return (intervals ?? '').split(',').some((interval) => {
    const [first, last = first] = interval.split('-').map(Number);
    return interval !== '' && first! <= index && index <= last!;
  });
}

/** What a line of the pod's log begins with, so that shards are told apart. */
export function linePrefix(pod: Pod): string {
  const shard = shardOf(pod);
  return shard === undefined ? '' : `shard ${shard} | `;
}
