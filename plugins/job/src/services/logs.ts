import { printableLine } from '@tracebloc/ingestor-core';
import { JOB_ERRORS } from '../errors.js';
import type { Cluster, Pod } from './cluster.js';
import { stateOf } from './diagnose.js';
import type { Retry } from './retry.js';
import { CONTAINER } from './objects.js';
import { linePrefix, newestPods, shardOf } from './shards.js';
import { hasStarted, observeJob } from './state.js';

/** Prints the log of the newest pod, or of the newest pod of each shard in turn. Throws when none has started. */
export async function printLogs(
  cluster: Cluster,
  name: string,
  { print, tail }: { print: (line: string) => void; tail?: number },
): Promise<void> {
  const { state, pods } = await observeJob(cluster, name);
  const newest = newestPods(state.shards?.count, pods.filter(hasStarted)).filter((pod) => pod !== undefined);
  if (newest.length === 0) {
    throw JOB_ERRORS.make(state.problem?.code ?? 'not-started', {
      message: `Job ${name} has no log yet: it is ${state.phase}. ${state.problem?.message ?? ''}`.trim(),
      fix: state.problem?.fix ?? [`Wait for it: ingestor job logs ${name} --namespace ${cluster.namespace} --follow`],
    });
  }
  for (const pod of newest) {
    const source = { pod: pod.metadata!.name!, container: CONTAINER, follow: false, tail };
    for await (const { text } of cluster.log(source, new AbortController().signal)) print(`${linePrefix(pod)}${text}`);
  }
}

export interface PodLogsOptions {
  signal: AbortSignal;
  retry: Retry;
  /** Gets each line; undefined means that nothing is read. */
  print?: (line: string) => void;
  /** Gets the reason when a log cannot be read; the Job is still followed. */
  tell: (text: string) => void;
}

/**
 * Prints the logs of a Job's pods, each line once, however often the connection is lost. The shards are read at the
 * same time; the pods of one shard, or of the one run, one after the other in the order of their creation.
 */
export class PodLogs {
  /** The logs that are being read, by shard; `undefined` is the one run. */
  readonly #reading = new Map<number | undefined, Promise<void>>();
  /** The time of the last line, by the pod's name. */
  readonly #printed = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: PodLogsOptions,
  ) {}

  /** Starts to read the logs of these pods, the oldest first, or continues after a lost connection. */
  read(pods: readonly Pod[]): void {
    if (!this.options.print) return;
    for (const [shard, podsOfShard] of Map.groupBy(pods.filter(hasStarted), shardOf)) {
      if (this.#reading.has(shard)) continue;
      this.#reading.set(
        shard,
        this.#readInOrder(podsOfShard).finally(() => this.#reading.delete(shard)),
      );
    }
  }

  /** Reads the logs of pods that have ended to the end. */
  async finish(pods: readonly Pod[]): Promise<void> {
    await Promise.all(this.#reading.values());
    this.read(pods);
    await Promise.all(this.#reading.values());
  }

  /** Stops at a pod whose log may continue, before the logs of later pods. */
  async #readInOrder(pods: readonly Pod[]): Promise<void> {
    for (const pod of pods) {
      const name = pod.metadata!.name!;
      if (!this.#ended.has(name)) await this.#readOn(pod);
      if (!this.#ended.has(name)) return;
    }
  }

  async #readOn(pod: Pod): Promise<void> {
    const { signal, retry, print, tell } = this.options;
    const name = pod.metadata!.name!;
    const prefix = linePrefix(pod);
    try {
      await retry(async () => {
        const source = { pod: name, container: CONTAINER, follow: true, after: this.#printed.get(name) };
        for await (const { time, text } of this.cluster.log(source, signal)) {
          print?.(`${prefix}${text}`);
          this.#printed.set(name, time);
        }
      });
      // For a pod that ran, the next observation shows whether the pod or only the connection has ended.
      if (!stateOf(pod)?.running) this.#ended.add(name);
    } catch (error) {
      if (signal.aborted) return;
      // The log of a deleted pod is gone.
      tell(printableLine(`The log of pod ${name} cannot be read: ${(error as Error).message}`));
      this.#ended.add(name);
    }
  }
}
