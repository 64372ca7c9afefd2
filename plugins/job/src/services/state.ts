import { ExitCode } from '@tracebloc/ingestor-core';
import { UnknownJobError } from '../errors.js';
import type { Cluster, Job, ObjectMeta, Pod } from './cluster.js';
import { diagnoseFailure, diagnoseWaiting, exitCodeOf, failedPods, stateOf, type Problem } from './diagnose.js';
import { hasIndex, newestPods, shardOf, shardsOf } from './shards.js';
import { LABELS } from './objects.js';

export type JobPhase = 'waiting' | 'running' | 'succeeded' | 'failed' | 'suspended' | 'deleting';

export interface PodState {
  name: string;
  /** The shard that it runs; undefined when the Job is one run. */
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
  /** The shards that have failed, once the Job has; the first one has the exit code of the Job. */
  failed: number[];
}

export interface JobState {
  name: string;
  namespace: string;
  /** `running` as soon as one shard runs. */
  phase: JobPhase;
  created: Date;
  /** When Kubernetes started the Job. */
  started?: Date;
  finished?: Date;
  /** The exit code of the run, once the Job has ended: of its last pod, or of the first shard that failed. */
  exitCode?: number;
  image?: string;
  shards?: ShardsState;
  /** The oldest first. */
  pods: PodState[];
  /** Why the Job or one of its shards does not start, or why it has failed; undefined when that is not known. */
  problem?: Problem;
}

/** The Job's state with the pods that it was read from. */
export interface Observation {
  state: JobState;
  pods: Pod[];
}

/** Throws an `UnknownJobError` when the Job does not exist or another program created it. */
export async function observeJob(cluster: Cluster, name: string): Promise<Observation> {
  return observe(cluster, await getJob(cluster, name));
}

/** Throws an `UnknownJobError`, as `observeJob` does. */
export async function getJob(cluster: Cluster, name: string): Promise<Job> {
  const job = await cluster.findJob(name);
  if (job && isOurs(job.metadata)) return job;
  const where = `in namespace ${cluster.namespace}`;
  throw new UnknownJobError({
    message: job
      ? `Job ${name} ${where} was not created by ingestor.`
      : `There is no Job ${name} ${where}; a Job that has ended is removed after a day.`,
    fix: ['List the Jobs: ingestor job status', 'Choose another namespace with --namespace.'],
  });
}

/** Tells whether ingestor, or its manifests, created the object. */
export function isOurs(metadata: ObjectMeta | undefined): boolean {
  return Object.entries(LABELS).every(([name, value]) => metadata?.labels?.[name] === value);
}

export async function observe(cluster: Cluster, job: Job): Promise<Observation> {
  const pods = await cluster.podsOf(job);
  const newest = newestPods(shardsOf(job), pods);
  const runs = newest.map((pod, shard) => runPhase(pod, hasIndex(job.status?.completedIndexes, shard)));
  const state = describeJob(job, pods, runs);
  if (state.phase === 'failed') state.problem = diagnoseFailure(job, failedPods(job, pods)[0]);
  if (state.phase === 'waiting' || state.phase === 'running') {
    // Kubernetes creates another pod after one that has failed.
    const waiting = newest
      .filter((_, shard) => runs[shard] === 'waiting')
      .map((pod) => (pod && exitCodeOf(pod) === undefined ? pod : undefined));
    if (waiting.length > 0) {
      // Events from before the last pod was created are out of date.
      const since = pods.at(-1)?.metadata!.creationTimestamp?.getTime() ?? 0;
      state.problem = await diagnoseWaiting(cluster, job, waiting, since);
    }
  }
  return { state, pods };
}

type RunPhase = 'waiting' | 'running' | 'done';

/** Returns the phase of one shard, or of the one run, by its newest pod, which may be gone when the shard is done. */
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
  // When all are done, the Job is about to end.
  return runs.includes('running') || !runs.includes('waiting') ? 'running' : 'waiting';
}

/** Tells whether the container of the pod runs or has run. */
export function hasStarted(pod: Pod): boolean {
  const state = stateOf(pod);
  return state?.running !== undefined || state?.terminated !== undefined;
}

/** Returns 1 for a Job that failed although none of its containers has ended. */
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
