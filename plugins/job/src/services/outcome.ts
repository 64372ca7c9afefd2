import { ExitCode } from '@tracebloc/ingestor-core';
import { stateOf } from './explain.js';
import { newestPods, shardsOf } from './shards.js';
import type { Job, Pod } from './kube-types.js';

/** These say more of the dataset than a failure that came before them. */
const FINAL: readonly number[] = [ExitCode.usage, ExitCode.invalidData];

/** The pods of a Job's runs that have failed in the end, or up to now, the one first whose exit code is the Job's. */
export function failedPods(job: Job, pods: readonly Pod[]): Pod[] {
  const failed = newestPods(shardsOf(job), pods).filter((pod) => pod?.status?.phase === 'Failed');
  return failed.map((pod) => pod!).sort((a, b) => rankOf(a) - rankOf(b) || endOf(a) - endOf(b));
}

function rankOf(pod: Pod): number {
  return FINAL.includes(exitCodeOf(pod) ?? ExitCode.failed) ? 0 : 1;
}

/** Of the run in the pod, once it has ended. */
export function exitCodeOf(pod: Pod): number | undefined {
  return stateOf(pod)?.terminated?.exitCode;
}

function endOf(pod: Pod): number {
  const end = stateOf(pod)?.terminated?.finishedAt ?? pod.metadata!.creationTimestamp!;
  return new Date(end).getTime();
}
