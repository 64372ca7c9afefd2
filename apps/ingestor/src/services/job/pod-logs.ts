import { printableLine } from '@tracebloc/ingestor-contract';
import type { Cluster } from './cluster.js';
import { stateOf } from './explain.js';
import type { Patience } from './patience.js';
import { linePrefix } from './shards.js';
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

/** Prints the logs of a Job's pods, all at the same time, each line once, however often the connection is lost. */
export class PodLogs {
  /** By the pod's name. */
  readonly #reading = new Map<string, Promise<void>>();
  /** The time of the last line, by the pod's name. */
  readonly #printed = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: PodLogsOptions,
  ) {}

  /** Begins to read the logs of these pods, or goes on where a connection was lost. */
  read(pods: readonly Pod[]): void {
    const { print } = this.options;
    if (!print) return;
    for (const pod of pods.filter(hasStarted)) {
      const name = pod.metadata!.name!;
      if (this.#ended.has(name) || this.#reading.has(name)) continue;
      const prefix = linePrefix(pod);
      const reading = this.#readOn(pod, (line) => print(`${prefix}${line}`));
      this.#reading.set(
        name,
        reading.finally(() => this.#reading.delete(name)),
      );
    }
  }

  /** Reads to the end the logs of pods that have ended. */
  async finish(pods: readonly Pod[]): Promise<void> {
    await Promise.all(this.#reading.values());
    this.read(pods);
    await Promise.all(this.#reading.values());
  }

  async #readOn(pod: Pod, print: (line: string) => void): Promise<void> {
    const { signal, patience, tell } = this.options;
    const name = pod.metadata!.name!;
    try {
      await patience.repeat(async () => {
        const place = { pod: name, container: CONTAINER, follow: true, after: this.#printed.get(name) };
        for await (const { time, text } of this.cluster.log(place, signal)) {
          print(text);
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
