import type { Cluster } from './cluster.js';
import { whyNotStarted, type Problem } from './explain.js';
import type { Job, KubeEvent, Pod } from './kube-types.js';

/**
 * What keeps the first of these pods that something keeps; nothing stands for a pod that is not made yet. Events count
 * from `since` on, in milliseconds.
 */
export async function whyWaiting(
  cluster: Cluster,
  job: Job,
  waiting: readonly (Pod | undefined)[],
  since: number,
): Promise<Problem | undefined> {
  const made = waiting.filter((pod) => pod !== undefined);
  for (const pod of made) {
    const problem = whyNotStarted(job, pod, []);
    if (problem) return problem;
  }
  // Of pods that do not tell themselves, the events of one are enough: they wait for the same things.
  const pod = made.length < waiting.length ? undefined : made[0];
  const events = await cluster.eventsOf((pod ?? job).metadata!.uid!);
  return whyNotStarted(
    job,
    pod,
    events.filter((event) => timeOf(event) >= since),
  );
}

function timeOf({ lastTimestamp, eventTime }: KubeEvent): number {
  return new Date(lastTimestamp ?? eventTime ?? 0).getTime();
}
