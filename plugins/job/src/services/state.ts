import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import type { Cluster } from './cluster.js';
import { stateOf, whyFailed, type Problem } from './explain.js';
import { exitCodeOf, failedPods } from './outcome.js';
import { hasIndex, newestPods, shardOf, shardsOf } from './shards.js';
import { LABELS } from './template.js';
import { whyWaiting } from './waiting.js';
import type { Job, ObjectMeta, Pod } from './kube-types.js';

export const UNKNOWN_JOB = 'unknown-job';

export type JobPhase = 'waiting' | 'running' | 'succeeded' | 'failed' | 'suspended' | 'deleting';

export interface PodState {
  name: string;
  /** Which it runs, of a Job in shards. */
  shard?: number;
  phase: string;
  node?: string;
  exitCode?: number;
  created: Date;
}

export interface ShardsState {
  count: number;
  done: number;
  running: number;
  /** Those that have failed, once the Job has; the one first whose exit code is the Job's. */
  failed: number[];
}

/** A Job as people want to know it. */
export interface JobState {
  name: string;
  namespace: string;
  /** Running as soon as one shard does. */
  phase: JobPhase;
  created: Date;
  /** When its first pod was let start. */
  started?: Date;
  finished?: Date;
  /** Of the run, once the Job has ended: that of the last pod's container; of shards, that of the first that failed. */
  exitCode?: number;
  image?: string;
  shards?: ShardsState;
  /** The oldest first. */
  pods: PodState[];
  /** Why it, or one of its shards, does not start, or why it has failed, where that is known. */
  problem?: Problem;
}

/** The Job's state with the pods that it was read from. */
export interface Observation {
  state: JobState;
  pods: Pod[];
}

/** Throws an `IngestorError` when there is no such Job, or it is not one of this program. */
export async function observeJob(cluster: Cluster, name: string): Promise<Observation> {
  return observe(cluster, await getJob(cluster, name));
}

/** Throws as `observeJob`. */
export async function getJob(cluster: Cluster, name: string): Promise<Job> {
  const job = await cluster.findJob(name);
  if (job && isOurs(job.metadata)) return job;
  const where = `in namespace ${cluster.namespace}`;
  throw new IngestorError({
    code: UNKNOWN_JOB,
    message: job
      ? `Job ${name} ${where} is not one of ingestor.`
      : `There is no Job ${name} ${where}; one that has ended is removed after a day.`,
    fix: ['See which there are: ingestor job status', 'Choose another namespace with --namespace.'],
  });
}

/** Made by this program, or of its manifests. */
export function isOurs(metadata: ObjectMeta | undefined): boolean {
  return Object.entries(LABELS).every(([name, value]) => metadata?.labels?.[name] === value);
}

export async function observe(cluster: Cluster, job: Job): Promise<Observation> {
  const pods = await cluster.podsOf(job);
  const newest = newestPods(shardsOf(job), pods);
  const runs = newest.map((pod, shard) => runPhase(pod, hasIndex(job.status?.completedIndexes, shard)));
  const state = describeJob(job, pods, runs);
  if (state.phase === 'failed') state.problem = whyFailed(job, failedPods(job, pods)[0]);
  if (state.phase === 'waiting' || state.phase === 'running') {
    // After a pod that has failed, Kubernetes makes another.
    const waiting = newest
      .filter((_, shard) => runs[shard] === 'waiting')
      .map((pod) => (pod && exitCodeOf(pod) === undefined ? pod : undefined));
    if (waiting.length > 0) {
      // What was said before the last pod was made is over.
      const since = pods.at(-1)?.metadata!.creationTimestamp?.getTime() ?? 0;
      state.problem = await whyWaiting(cluster, job, waiting, since);
    }
  }
  return { state, pods };
}

type RunPhase = 'waiting' | 'running' | 'done';

/** Of one shard, or of the one run, by its newest pod, which may be gone when it is done. */
function runPhase(pod: Pod | undefined, isDone: boolean): RunPhase {
  if (isDone || (pod && exitCodeOf(pod) === ExitCode.ok)) return 'done';
  return pod && stateOf(pod)?.running ? 'running' : 'waiting';
}

function describeJob(job: Job, pods: readonly Pod[], runs: readonly RunPhase[]): JobState {
  const { metadata, spec, status } = job;
  const phase = phaseOf(job, runs);
  const ended = status?.conditions?.find(({ type }) => type === 'Failed' || type === 'Complete');
  const failed = phase === 'failed' ? failedPods(job, pods) : [];
  return {
    name: metadata!.name!,
    namespace: metadata!.namespace!,
    phase,
    created: metadata!.creationTimestamp!,
    started: status?.startTime,
    finished: status?.completionTime ?? ended?.lastTransitionTime,
    exitCode: exitCodeOfJob(phase, failed[0]),
    image: spec?.template.spec?.containers[0]?.image,
    ...(shardsOf(job) !== undefined && {
      shards: {
        count: runs.length,
        done: status?.succeeded ?? 0,
        running: runs.filter((run) => run === 'running').length,
        failed: failed.map((pod) => shardOf(pod)!),
      },
    }),
    pods: pods.map(describePod),
  };
}

function phaseOf({ metadata, spec, status }: Job, runs: readonly RunPhase[]): JobPhase {
  const is = (type: string) => status?.conditions?.some((found) => found.type === type && found.status === 'True');
  if (metadata!.deletionTimestamp) return 'deleting';
  if (is('Complete')) return 'succeeded';
  if (is('Failed')) return 'failed';
  if (spec?.suspend) return 'suspended';
  // Where all are done, the Job is about to end.
  return runs.includes('running') || !runs.includes('waiting') ? 'running' : 'waiting';
}

/** Its container runs, or has run. */
export function hasStarted(pod: Pod): boolean {
  const state = stateOf(pod);
  return state?.running !== undefined || state?.terminated !== undefined;
}

/** A Job that failed without a container that ended has no code of its own: it counts as failed. */
function exitCodeOfJob(phase: JobPhase, failed: Pod | undefined): number | undefined {
  if (phase === 'succeeded') return ExitCode.ok;
  if (phase !== 'failed') return undefined;
  return (failed && exitCodeOf(failed)) || ExitCode.failed;
}

function describePod(pod: Pod): PodState {
  const state = stateOf(pod);
  return {
    name: pod.metadata!.name!,
    shard: shardOf(pod),
    phase: state?.waiting?.reason ?? state?.terminated?.reason ?? pod.status?.phase ?? 'Pending',
    node: pod.spec?.nodeName,
    exitCode: exitCodeOf(pod),
    created: pod.metadata!.creationTimestamp!,
  };
}
