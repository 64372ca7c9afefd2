import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, IngestorError, printableLine } from '@tracebloc/ingestor-core';
import { interruptible } from '@tracebloc/ingestor-cli';
import { JOB_ERRORS, UnknownJobError } from '../errors.js';
import type { Cluster, Pod } from './cluster.js';
import type { Problem } from './diagnose.js';
import { PodLogs } from './logs.js';
import { retryDuringOutages } from './retry.js';
import { shardOf } from './shards.js';
import { observeJob, type JobState, type Observation } from './state.js';

export interface FollowAllOptions extends Omit<FollowOptions, 'signal'> {
  /** Gets the state of each Job when it has ended. */
  onEnd: (state: JobState) => void;
  /** Milliseconds to follow; undefined means to the end. */
  timeout?: number;
}

/**
 * Follows Jobs until all have ended and sets the exit code to that of the first run that failed. With more Jobs than
 * one, each line of a log begins with the Job's name. SIGINT and SIGTERM end the following, and the Jobs go on.
 * Throws what `followJob` throws, once the other Jobs have ended too.
 */
export async function followJobs(
  cluster: Cluster,
  names: readonly string[],
  { timeout, onEnd, ...options }: FollowAllOptions,
): Promise<JobState[]> {
  const { print } = options;
  const follow = async (name: string, signal: AbortSignal): Promise<JobState> => {
    const prefixed = print && names.length > 1 ? (line: string) => print(`${name} | ${line}`) : print;
    const state = await followJob(cluster, name, { ...options, print: prefixed, signal });
    onEnd(state);
    return state;
  };
  const states = await interruptible(
    async (interrupted) => {
      const deadline = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
      const signal = deadline ? AbortSignal.any([interrupted, deadline]) : interrupted;
      const ends = await Promise.allSettled(names.map((name) => follow(name, signal)));
      const unfinished = names.filter((_, index) => ends[index]!.status === 'rejected');
      if (interrupted.aborted) throw unfollowed('detached', unfinished, cluster);
      if (deadline?.aborted) throw unfollowed('timeout', unfinished, cluster);
      return ends.map((end) => {
        if (end.status === 'rejected') throw end.reason;
        return end.value;
      });
    },
    { meanwhile: `${names.length > 1 ? 'the Jobs go' : 'the Job goes'} on in the cluster` },
  );
  process.exitCode = states.find(({ exitCode }) => exitCode !== ExitCode.ok)?.exitCode;
  return states;
}

/** Returns the commands that look at the Jobs again or stop them. */
export function followUpCommands(names: readonly string[], { namespace }: Cluster): string[] {
  return names.flatMap((name) => [
    `Look again: ingestor job logs ${name} --namespace ${namespace} --follow`,
    `Stop it:    ingestor job delete ${name} --namespace ${namespace}`,
  ]);
}

function unfollowed(code: 'detached' | 'timeout', names: readonly string[], cluster: Cluster): IngestorError {
  const jobs = names.length > 1 ? `Jobs ${names.join(' and ')} have` : `Job ${names[0]!} has`;
  const message = `${jobs} not ended${code === 'timeout' ? ' within --timeout' : ''}, and ${names.length > 1 ? 'go' : 'goes'} on in the cluster.`;
  return JOB_ERRORS.make(code, { message, fix: followUpCommands(names, cluster) });
}

/** How fast Jobs are followed, in milliseconds. */
export interface Pace {
  /** Between two observations of a Job. */
  interval: number;
  /** What each pod adds to the interval. */
  intervalPerPod: number;
  /** Between two tries while the API server is away. */
  outage: number;
  /** Until a permanent problem ends the command, since Kubernetes retries by itself. */
  grace: number;
}

const PACE: Pace = { interval: 1000, intervalPerPod: 10, outage: 1000, grace: 5000 };

export interface FollowOptions {
  signal: AbortSignal;
  /** Gets each line of the logs; undefined means that no log is read. */
  print?: (line: string) => void;
  /** Gets what happens besides the log. */
  tell: (text: string) => void;
  /** Milliseconds that a Job may wait while none of its pods runs. */
  startTimeout: number;
  pace?: Pace;
}

/**
 * Follows a Job, over all its pods, until it has ended. Throws an `IngestorError` when the Job does not exist or is
 * deleted, when no pod can start, and when the API server is away for too long; the signal's reason when it is aborted.
 */
export async function followJob(cluster: Cluster, name: string, options: FollowOptions): Promise<JobState> {
  const { tell, pace = PACE } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  // Each log that is read adds a listener.
  setMaxListeners(0, signal);
  const retry = retryDuringOutages(tell, signal, pace.outage);
  const logs = new PodLogs(cluster, { ...options, signal, retry });
  const watch = new StartWatch(cluster, { ...options, grace: pace.grace });
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
      await sleep(pace.interval + pace.intervalPerPod * pods.length, undefined, { signal });
      const next: Observation = await retry(() => observeJob(cluster, name)).catch((error: unknown) => {
        throw error instanceof UnknownJobError ? deleted(cluster, name, error) : error;
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

/** Returns the new pods that replace an earlier one of the same shard or run. */
function startedAgain(before: readonly Pod[], now: readonly Pod[]): Pod[] {
  const names = new Set(before.map(({ metadata }) => metadata!.name));
  const shards = new Set(before.map(shardOf));
  return now.filter((pod) => !names.has(pod.metadata!.name) && shards.has(shardOf(pod)));
}

function deleted({ namespace }: Cluster, name: string, cause: UnknownJobError): IngestorError {
  return JOB_ERRORS.make('job-deleted', {
    message: `Job ${name} in namespace ${namespace} was deleted while it was followed.`,
    fix: 'Submit it again; the run continues at the last committed batch.',
    cause,
  });
}

/** Watches the start of pods: reports each problem once, and ends the wait when no pod runs for too long. */
class StartWatch {
  #problem: { problem: Problem; since: number } | undefined;
  #waitingSince: number | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: Pick<FollowOptions, 'tell' | 'startTimeout'> & Pick<Pace, 'grace'>,
  ) {}

  /** Throws an `IngestorError` when the Job will not start, or has not for too long. */
  look(state: JobState): void {
    const { name, phase, problem } = state;
    const now = performance.now();
    if (problem?.message !== this.#problem?.problem.message) {
      this.#problem = problem && { problem, since: now };
      if (problem)
        this.options.tell(
          [`${whoWaits(state)}: ${problem.message}`, ...indented(problem.fix)].map(printableLine).join('\n'),
        );
    }
    if (phase !== 'waiting') {
      this.#waitingSince = undefined;
      return;
    }
    this.#waitingSince ??= now;
    const { startTimeout, grace } = this.options;
    const isHopeless = this.#problem?.problem.permanent && now - this.#problem.since >= grace;
    if (isHopeless || now - this.#waitingSince >= startTimeout) {
      throw notStarted(this.cluster, name, problem, (now - this.#waitingSince) / 1000);
    }
  }
}

function whoWaits({ name, shards }: JobState): string {
  if (!shards) return `${name} waits`;
  const { count, done, running } = shards;
  return `${name}: ${count - done - running} of ${count} shards wait`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function notStarted(
  { namespace }: Cluster,
  name: string,
  problem: Problem | undefined,
  seconds: number,
): IngestorError {
  const where = `${name} --namespace ${namespace}`;
  return JOB_ERRORS.make(problem?.code ?? 'not-started', {
    message: problem
      ? `Job ${name} does not start. ${problem.message}`
      : `Job ${name} has not started in ${Math.round(seconds)} seconds, and Kubernetes does not say why.`,
    fix: [
      ...(problem?.fix ?? [`kubectl describe job ${where}`]),
      `The Job still exists and may start later: ingestor job wait ${where}`,
      `To submit it again, delete it first: ingestor job delete ${where}`,
    ],
  });
}
