import { ExitCode } from '@tracebloc/ingestor-core';
import type { Cluster, ContainerState, Job, KubeEvent, Pod } from './cluster.js';
import type { ProblemCode } from '../errors.js';
import { CONTAINER } from './objects.js';
import { newestPods, shardsOf } from './shards.js';

/** Why a pod does not start or a run has failed, with what to do. */
export interface Problem {
  code: ProblemCode;
  /** One sentence. */
  message: string;
  fix: string[];
  /** It does not go away by itself. */
  permanent: boolean;
}

/**
 * Returns what keeps the pod from running, or the Job from creating it; undefined when nothing does. `events` are those
 * of the pod, or of the Job while there is no pod.
 */
export function diagnoseStart(job: Job, pod: Pod | undefined, events: readonly KubeEvent[]): Problem | undefined {
  return pod ? (notScheduled(pod) ?? notRunning(pod) ?? notMounted(events)) : notCreated(job, events);
}

function notCreated(job: Job, events: readonly KubeEvent[]): Problem | undefined {
  const said = events.findLast(({ reason }) => reason === 'FailedCreate')?.message;
  if (said === undefined) return undefined;
  const namespace = job.metadata!.namespace!;
  const quota = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/.exec(said);
  if (quota) {
    const [, name, requested, used, limited] = quota;
    return transient(
      'quota-exceeded',
      `The quota ${name!} of namespace ${namespace} has no room for the pod: it asks for ${requested!}, ${used!} is used and ${limited!} allowed.`,
      'Ask for less with --cpu and --memory, wait until other pods have ended, or have the quota raised.',
      `kubectl describe resourcequota ${name!} --namespace ${namespace}`,
    );
  }
  const security = /violates PodSecurity "([^"]+)": (.+)$/.exec(said);
  if (security) {
    return permanent(
      'pod-security',
      `Namespace ${namespace} admits only pods of the Pod Security Standard ${security[1]!}, and refuses this one: ${security[2]!}.`,
      'The Job as ingestor renders it keeps to `restricted`: something in the cluster changes it. Compare: kubectl get job --output yaml',
    );
  }
  const account = /serviceaccount "([^"]+)" not found/.exec(said);
  if (account) {
    return transient(
      'service-account-missing',
      `Namespace ${namespace} has no service account ${account[1]!}.`,
      `kubectl create serviceaccount ${account[1]!} --namespace ${namespace}`,
    );
  }
  return permanent(
    'admission-refused',
    `The cluster refuses the pod: ${sentence(said)}`,
    'Change what it names (`ingestor job render` shows the Job), or ask the administrator of the cluster.',
  );
}

function notScheduled({ metadata, status }: Pod): Problem | undefined {
  const condition = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (!condition) return undefined;
  const said = condition.message ?? condition.reason ?? '';
  const namespace = metadata!.namespace!;
  const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(said);
  if (missing) {
    return permanent(
      'claim-missing',
      `Namespace ${namespace} has no claim ${missing[1]!}, which the Job mounts as the shared volume.`,
      'Name the right one with --claim, or create it.',
      `kubectl get persistentvolumeclaims --namespace ${namespace}`,
    );
  }
  if (/unbound immediate PersistentVolumeClaims/i.test(said)) {
    return transient(
      'claim-unbound',
      'The claim of the shared volume is not bound to a volume yet.',
      'See why: its storage class may be missing, or no volume fits its size and access mode.',
      `kubectl describe persistentvolumeclaims --namespace ${namespace}`,
    );
  }
  if (/Insufficient (cpu|memory|ephemeral-storage)/.test(said)) {
    const what = [...new Set([...said.matchAll(/Insufficient ([\w-]+)/g)].map(([, name]) => name!))].join(' and ');
    return transient(
      'no-room',
      `No node has enough ${what} for the pod: ${sentence(said)}`,
      'Ask for less with --cpu and --memory, wait until other pods have ended, or add a node.',
    );
  }
  return transient(
    'unschedulable',
    `No node accepts the pod: ${sentence(said)}`,
    `kubectl describe pod ${metadata!.name!} --namespace ${namespace}`,
  );
}

function notRunning(pod: Pod): Problem | undefined {
  const { reason = '', message: said = '' } = stateOf(pod)?.waiting ?? {};
  const { name, namespace } = pod.metadata!;
  const image = pod.spec!.containers.find((container) => container.name === CONTAINER)?.image ?? 'of the Job';
  switch (reason) {
    case 'InvalidImageName':
      return permanent('image-name', `\`${image}\` is not a valid image name.`, 'Correct --image.');
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
      return imageProblem(image, namespace!, said, reason !== 'ErrImagePull');
    case 'CreateContainerConfigError':
      return containerConfigProblem(namespace!, said);
    case 'CreateContainerError':
    case 'RunContainerError':
      return permanent(
        'container-not-started',
        `The container cannot be started: ${sentence(said)}`,
        "Check that --image is an ingestor image of the node's architecture.",
        `kubectl describe pod ${name!} --namespace ${namespace!}`,
      );
    default:
      return undefined;
  }
}

function imageProblem(image: string, namespace: string, said: string, isPermanent: boolean): Problem {
  const detail = said.replace(/^Back-off pulling image "[^"]*"(: )?/, '');
  const because = detail === '' ? '.' : `: ${sentence(detail)}`;
  const problem = (code: ProblemCode, message: string, ...fix: string[]) => ({
    code,
    message,
    fix,
    permanent: isPermanent,
  });
  if (/unauthorized|denied|authentication required|forbidden|no basic auth/i.test(detail)) {
    return problem(
      'image-denied',
      `The registry refuses to hand out the image ${image}${because}`,
      `Put its credentials into the Secret regcred, or name another with --image-pull-secret: kubectl create secret docker-registry regcred --namespace ${namespace} --docker-server=… --docker-username=… --docker-password=…`,
    );
  }
  if (/not found|manifest unknown|does not exist/i.test(detail)) {
    return problem(
      'image-missing',
      `The registry has no image ${image}${because}`,
      'Correct the name and tag in --image.',
    );
  }
  return problem(
    'image-pull',
    `The image ${image} cannot be pulled${because}`,
    'Check --image, that the nodes reach the registry, and the Secret regcred (--image-pull-secret) if it asks for credentials.',
  );
}

function containerConfigProblem(namespace: string, said: string): Problem {
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) (?:[^/\s]+\/)?(\S+)/.exec(said);
  const object = /(secret|configmap) "([^"]+)" not found/.exec(said);
  if (key && key[2] === 'Secret') {
    return permanent(
      'secret-key-missing',
      `The Secret ${key[3]!} in namespace ${namespace} has no ${key[1]!}.`,
      `Add it, or create a Secret from your environment with --create-secret-from-env: kubectl edit secret ${key[3]!} --namespace ${namespace}`,
    );
  }
  if (object?.[1] === 'secret') {
    return permanent(
      'secret-missing',
      `Namespace ${namespace} has no Secret ${object[2]!}, which holds the credentials.`,
      'Name the right one with --secret, or create one from your environment with --create-secret-from-env.',
    );
  }
  if (/runAsNonRoot/.test(said)) {
    return permanent(
      'image-runs-as-root',
      `The image would run as root, which the Job forbids: ${sentence(said)}`,
      'Use an ingestor image, or give yours a numeric USER other than 0.',
    );
  }
  return permanent(
    'container-config',
    `The container cannot be created: ${sentence(said)}`,
    'Create what the message names.',
  );
}

function notMounted(events: readonly KubeEvent[]): Problem | undefined {
  const said = events.findLast(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume')?.message;
  if (said === undefined) return undefined;
  return transient(
    'volume-not-mounted',
    `A volume is not mounted: ${sentence(said)}`,
    'Create or release what the message names.',
  );
}

/** Returns why a Job has failed when the log of the run cannot say it. */
export function diagnoseFailure(job: Job, pod: Pod | undefined): Problem | undefined {
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  const ended = pod ? stateOf(pod)?.terminated : undefined;
  if (failed?.reason === 'DeadlineExceeded') {
    return permanent(
      'deadline-exceeded',
      `The Job ran longer than its activeDeadlineSeconds, ${job.spec!.activeDeadlineSeconds ?? 'since removed'}, and was stopped.`,
      'Delete it and submit it again, with a longer deadline: it continues at the last committed batch.',
    );
  }
  if (pod && ended?.reason === 'OOMKilled') {
    const limit = pod.spec!.containers.find(({ name }) => name === CONTAINER)?.resources?.limits?.memory;
    return permanent(
      'out-of-memory',
      `The run needed more memory than its limit${limit === undefined ? '' : `, ${limit},`} and was killed.`,
      'Delete the Job and submit it again with more --memory: it continues at the last committed batch.',
    );
  }
  if (pod?.status?.reason === 'Evicted') {
    return permanent(
      'evicted',
      `The node evicted the pod: ${sentence(pod.status.message ?? 'it ran short of a resource')}`,
      'Delete the Job and submit it again: it continues at the last committed batch.',
    );
  }
  return undefined;
}

/** Returns the state of the run's container, or undefined while the pod has none. */
export function stateOf({ status }: Pod): ContainerState | undefined {
  return status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
}

function transient(code: ProblemCode, message: string, ...fix: string[]): Problem {
  return { code, message, fix, permanent: false };
}

function permanent(code: ProblemCode, message: string, ...fix: string[]): Problem {
  return { code, message, fix, permanent: true };
}

function sentence(text: string): string {
  return text.trim().replace(/\.?$/, '.');
}

/**
 * Returns the first problem that keeps one of these pods from running; undefined in the list is a pod that does not exist
 * yet. Events before `since`, in milliseconds, are ignored.
 */
export async function diagnoseWaiting(
  cluster: Cluster,
  job: Job,
  waiting: readonly (Pod | undefined)[],
  since: number,
): Promise<Problem | undefined> {
  const made = waiting.filter((pod) => pod !== undefined);
  for (const pod of made) {
    const problem = diagnoseStart(job, pod, []);
    if (problem) return problem;
  }
  // The events of one pod are enough: all of them wait for the same things.
  const pod = made.length < waiting.length ? undefined : made[0];
  const events = await cluster.eventsOf((pod ?? job).metadata!.uid!);
  return diagnoseStart(
    job,
    pod,
    events.filter((event) => timeOf(event) >= since),
  );
}

function timeOf({ lastTimestamp, eventTime }: KubeEvent): number {
  return new Date(lastTimestamp ?? eventTime ?? 0).getTime();
}

/** These exit codes say more about the dataset than an earlier failure does. */
const FINAL: readonly number[] = [ExitCode.usage, ExitCode.invalidData];

/** Returns the newest pods that have failed. The first one has the exit code of the Job. */
export function failedPods(job: Job, pods: readonly Pod[]): Pod[] {
  const failed = newestPods(shardsOf(job), pods).filter((pod) => pod?.status?.phase === 'Failed');
  return failed.map((pod) => pod!).sort((a, b) => rankOf(a) - rankOf(b) || endOf(a) - endOf(b));
}

function rankOf(pod: Pod): number {
  return FINAL.includes(exitCodeOf(pod) ?? ExitCode.failed) ? 0 : 1;
}

/** Returns the exit code of the run in the pod, or undefined while it has not ended. */
export function exitCodeOf(pod: Pod): number | undefined {
  return stateOf(pod)?.terminated?.exitCode;
}

function endOf(pod: Pod): number {
  const end = stateOf(pod)?.terminated?.finishedAt ?? pod.metadata!.creationTimestamp!;
  return new Date(end).getTime();
}
