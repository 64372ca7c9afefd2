import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import type { Cluster } from './cluster.js';
import { stateOf, whyFailed, whyNotStarted, type Problem } from './explain.js';
import { LABELS } from './template.js';
import type { Job, ObjectMeta, Pod } from './kube-types.js';

export const UNKNOWN_JOB = 'unknown-job';

export type JobPhase = 'waiting' | 'running' | 'succeeded' | 'failed' | 'suspended' | 'deleting';

export interface PodState {
  name: string;
  phase: string;
  node?: string;
  exitCode?: number;
  created: Date;
}

/** A Job as people want to know it. */
export interface JobState {
  name: string;
  namespace: string;
  phase: JobPhase;
  created: Date;
  /** When its first pod was let start. */
  started?: Date;
  finished?: Date;
  /** Of the run, once the Job has ended: that of the last pod's container. */
  exitCode?: number;
  image?: string;
  /** The oldest first. */
  pods: PodState[];
  /** Why it does not start, or has failed, where that is known. */
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
  const last = pods.at(-1);
  const state = describeJob(job, pods);
  if (state.phase === 'failed') state.problem = whyFailed(job, last);
  if (state.phase === 'waiting') {
    const pod = last && !stateOf(last)?.terminated ? last : undefined;
    const events = await cluster.eventsOf((pod ?? job).metadata!.uid!);
    // What was said of an earlier pod is over.
    const since = last?.metadata!.creationTimestamp?.getTime() ?? 0;
    const fresh = events.filter(
      ({ lastTimestamp, eventTime }) => new Date(lastTimestamp ?? eventTime ?? 0).getTime() >= since,
    );
    state.problem = whyNotStarted(job, pod, fresh);
  }
  return { state, pods };
}

function describeJob(job: Job, pods: readonly Pod[]): JobState {
  const { metadata, spec, status } = job;
  const phase = phaseOf(job, pods.at(-1));
  const ended = status?.conditions?.find(({ type }) => type === 'Failed' || type === 'Complete');
  return {
    name: metadata!.name!,
    namespace: metadata!.namespace!,
    phase,
    created: metadata!.creationTimestamp!,
    started: status?.startTime,
    finished: status?.completionTime ?? ended?.lastTransitionTime,
    exitCode: exitCodeOf(phase, pods),
    image: spec?.template.spec?.containers[0]?.image,
    pods: pods.map(describePod),
  };
}

function phaseOf({ metadata, spec, status }: Job, pod: Pod | undefined): JobPhase {
  const is = (type: string) => status?.conditions?.some((found) => found.type === type && found.status === 'True');
  if (metadata!.deletionTimestamp) return 'deleting';
  if (is('Complete')) return 'succeeded';
  if (is('Failed')) return 'failed';
  if (spec?.suspend) return 'suspended';
  // One that has succeeded is about to end the Job; after one that has failed, Kubernetes makes another.
  const { running, terminated } = (pod && stateOf(pod)) ?? {};
  return running || terminated?.exitCode === ExitCode.ok ? 'running' : 'waiting';
}

/** Its container runs, or has run. */
export function hasStarted(pod: Pod): boolean {
  const state = stateOf(pod);
  return state?.running !== undefined || state?.terminated !== undefined;
}

/** A Job that failed without a container that ended has no code of its own: it counts as failed. */
function exitCodeOf(phase: JobPhase, pods: readonly Pod[]): number | undefined {
  if (phase === 'succeeded') return ExitCode.ok;
  if (phase !== 'failed') return undefined;
  const code = pods.map((pod) => stateOf(pod)?.terminated?.exitCode).findLast((found) => found !== undefined);
  return code === undefined || code === ExitCode.ok ? ExitCode.failed : code;
}

function describePod(pod: Pod): PodState {
  const state = stateOf(pod);
  return {
    name: pod.metadata!.name!,
    phase: state?.waiting?.reason ?? state?.terminated?.reason ?? pod.status?.phase ?? 'Pending',
    node: pod.spec?.nodeName,
    exitCode: state?.terminated?.exitCode,
    created: pod.metadata!.creationTimestamp!,
  };
}
