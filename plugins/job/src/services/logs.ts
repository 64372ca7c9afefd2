import { IngestorError } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import { linePrefix, newestPods } from './shards.js';
import { hasStarted, observeJob } from './state.js';
import { CONTAINER } from './template.js';

/**
 * Prints what the newest pod has logged until now; of shards, that of each, one after the other, `tail` lines of each.
 * Throws an `IngestorError` when none has started.
 */
export async function printLogs(
  cluster: Cluster,
  name: string,
  { print, tail }: { print: (line: string) => void; tail?: number },
): Promise<void> {
  const { state, pods } = await observeJob(cluster, name);
  const newest = newestPods(state.shards?.count, pods.filter(hasStarted)).filter((pod) => pod !== undefined);
  if (newest.length === 0) {
    throw new IngestorError({
      code: state.problem?.code ?? 'not-started',
      message: `Job ${name} has no log yet: it is ${state.phase}. ${state.problem?.message ?? ''}`.trim(),
      fix: state.problem?.fix ?? [`Wait for it: ingestor job logs ${name} --namespace ${cluster.namespace} --follow`],
    });
  }
  for (const pod of newest) {
    const place = { pod: pod.metadata!.name!, container: CONTAINER, follow: false, tail };
    for await (const { text } of cluster.log(place, new AbortController().signal)) print(`${linePrefix(pod)}${text}`);
  }
}
