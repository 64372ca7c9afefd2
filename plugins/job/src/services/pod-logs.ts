import { printableLine } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import { stateOf } from './explain.js';
import type { Patience } from './patience.js';
import { linePrefix, shardOf } from './shards.js';
import { hasStarted } from './state.js';
import { CONTAINER } from './template.js';
import type { Pod } from './kube-types.js';

export interface PodLogsOptions {
  signal: AbortSignal;
  patience: Patience;
  /** Told of each line; absent: nothing is read. */
  print?: (line: string) => void;
  /** Told of a log that cannot be read; the Job is followed all the same. */
  tell: (text: string) => void;
}

/**
 * Prints the logs of a Job's pods, each line once, however often the connection is lost. Those of shards are read all at
 * the same time; those of one shard's pods, or of the one run's, one after the other in the order of the pods.
 */
export class PodLogs {
  /** By shard; `undefined` is the one run. */
  readonly #reading = new Map<number | undefined, Promise<void>>();
  /** The time of the last line, by the pod's name. */
  readonly #printed = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: PodLogsOptions,
  ) {}

  /** Begins to read the logs of these pods, the oldest first, or goes on where a connection was lost. */
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

  /** Reads to the end the logs of pods that have ended. */
  async finish(pods: readonly Pod[]): Promise<void> {
    await Promise.all(this.#reading.values());
    this.read(pods);
    await Promise.all(this.#reading.values());
  }

  /** Stops before the log of a pod that has another before it whose log may go on. */
  async #readInOrder(pods: readonly Pod[]): Promise<void> {
    for (const pod of pods) {
      const name = pod.metadata!.name!;
      if (!this.#ended.has(name)) await this.#readOn(pod);
      if (!this.#ended.has(name)) return;
    }
  }

  async #readOn(pod: Pod): Promise<void> {
    const { signal, patience, print, tell } = this.options;
    const name = pod.metadata!.name!;
    const prefix = linePrefix(pod);
    try {
      await patience.repeat(async () => {
        const place = { pod: name, container: CONTAINER, follow: true, after: this.#printed.get(name) };
        for await (const { time, text } of this.cluster.log(place, signal)) {
          print?.(`${prefix}${text}`);
          this.#printed.set(name, time);
        }
      });
      // Of one that was seen to run, the next look tells whether it or the connection has ended.
      if (!stateOf(pod)?.running) this.#ended.add(name);
    } catch (error) {
      if (signal.aborted) return;
      // A pod that is gone takes its log with it.
      tell(printableLine(`The log of pod ${name} cannot be read: ${(error as Error).message}`));
      this.#ended.add(name);
    }
  }
}
