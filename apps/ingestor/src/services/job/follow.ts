import { setTimeout as sleep } from 'node:timers/promises';
import { IngestorError } from '@tracebloc/ingestor-contract';
import type { Cluster } from './cluster.js';
import type { Problem } from './explain.js';
import { isPassing } from './kube-error.js';
import { hasStarted, observeJob, UNKNOWN_JOB, type JobState, type Observation } from './state.js';
import { CONTAINER } from './template.js';
import type { Pod } from './kube-types.js';

/** Milliseconds between two looks at a Job. */
const INTERVAL = 1000;
/** For how long an API server that was there may be away. */
const PATIENCE = 120_000;
/** For how long a problem that seems to last is given the chance to pass, since Kubernetes tries again by itself. */
const SECOND_LOOK = 5000;

export interface FollowOptions {
  signal: AbortSignal;
  /** Told of each line of the run's log; absent: the log is not read. */
  print?: (line: string) => void;
  /** What happens beside the log. */
  tell: (text: string) => void;
  /** For how long the pod may wait for its start, in milliseconds. */
  startTimeout: number;
}

/**
 * Stays with a Job until it has ended, over all its pods. Throws an `IngestorError` when the Job is not there or is
 * deleted, when its pod cannot start, and when the API server stays away; the signal's reason when that is aborted.
 */
export async function followJob(cluster: Cluster, name: string, options: FollowOptions): Promise<JobState> {
  const { signal, tell } = options;
  const logs = new PodLogs(cluster, options);
  const watch = new StartWatch(cluster, options);
  let observation = await observeJob(cluster, name);
  for (;;) {
    const { state, pods } = observation;
    if (pods.some(hasStarted)) await patiently(() => logs.read(pods), options);
    if (state.phase === 'succeeded' || state.phase === 'failed') return state;
    watch.look(state);
    await sleep(INTERVAL, undefined, { signal });
    const next: Observation = await patiently(() => observeJob(cluster, name), options).catch((error: unknown) => {
      throw error instanceof IngestorError && error.code === UNKNOWN_JOB ? deleted(cluster, name) : error;
    });
    const fresh = next.pods.at(-1)?.metadata!.name;
    if (pods.length > 0 && next.pods.length > pods.length)
      tell(`${name}: Kubernetes starts the run again, in pod ${fresh!}.`);
    observation = next;
  }
}

/** Repeats what an API server that is away for a moment lets fail. */
async function patiently<T>(work: () => Promise<T>, { signal, tell }: FollowOptions): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let told = false; ; told = true) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || signal.aborted || performance.now() >= until) throw error;
      if (!told) tell(`${(error as Error).message} The Job goes on; trying again.`);
      await sleep(INTERVAL, undefined, { signal });
    }
  }
}

/** Prints the logs of a Job's pods, each line once, however often the connection is lost. */
class PodLogs {
  /** The time of the last line, by the pod's name. */
  readonly #printed = new Map<string, string | undefined>();
  readonly #ended = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: FollowOptions,
  ) {}

  /** Reads on where it was, until no pod of these has more. */
  async read(pods: readonly Pod[]): Promise<void> {
    const { print, signal } = this.options;
    if (!print) return;
    for (const pod of pods.filter(hasStarted)) {
      const name = pod.metadata!.name!;
      if (this.#ended.has(name)) continue;
      const after = this.#printed.get(name);
      try {
        for await (const { time, text } of this.cluster.log(
          { pod: name, container: CONTAINER, follow: true, after },
          signal,
        )) {
          print(text);
          this.#printed.set(name, time);
        }
      } catch (error) {
        // A pod that is gone takes its log with it.
        if (!(error instanceof IngestorError) || isPassing(error)) throw error;
        this.options.tell(`The log of pod ${name} cannot be read: ${error.message}`);
        this.#ended.add(name);
      }
      // Of one that was seen to run, the next look tells whether it or the connection has ended.
      if (!isRunning(pod)) this.#ended.add(name);
    }
  }
}

function isRunning(pod: Pod): boolean {
  return pod.status?.containerStatuses?.some(({ name, state }) => name === CONTAINER && state?.running) ?? false;
}

/** Watches over a pod's start: tells what keeps it, once, and loses patience in the end. */
class StartWatch {
  #problem: { problem: Problem; since: number } | undefined;
  #waitingSince: number | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: FollowOptions,
  ) {}

  look({ name, phase, problem }: JobState): void {
    const now = performance.now();
    if (phase !== 'waiting') {
      this.#waitingSince = this.#problem = undefined;
      return;
    }
    this.#waitingSince ??= now;
    if (problem?.message !== this.#problem?.problem.message) {
      this.#problem = problem && { problem, since: now };
      if (problem)
        this.options.tell([`${name} waits: ${problem.message}`, ...problem.fix.map((fix) => `  ${fix}`)].join('\n'));
    }
    const hopeless = this.#problem?.problem.lasting && now - this.#problem.since >= SECOND_LOOK;
    if (hopeless || now - this.#waitingSince >= this.options.startTimeout) {
      throw notStarted(this.cluster, name, problem, (now - this.#waitingSince) / 1000);
    }
  }
}

function notStarted(
  { namespace }: Cluster,
  name: string,
  problem: Problem | undefined,
  seconds: number,
): IngestorError {
  const where = `${name} --namespace ${namespace}`;
  return new IngestorError({
    code: problem?.code ?? 'not-started',
    message: problem
      ? `Job ${name} does not start. ${problem.message}`
      : `Job ${name} has not started in ${Math.round(seconds)} seconds, and Kubernetes does not say why.`,
    fix: [
      ...(problem?.fix ?? [`kubectl describe job ${where}`]),
      `The Job is still there and may start yet: ingestor job wait ${where}`,
      `To submit it anew, delete it first: ingestor job delete ${where}`,
    ],
  });
}

function deleted({ namespace }: Cluster, name: string): IngestorError {
  return new IngestorError({
    code: 'job-deleted',
    message: `Job ${name} in namespace ${namespace} was deleted while it was followed.`,
    fix: 'Submit it again; the run continues at the last committed batch.',
  });
}
