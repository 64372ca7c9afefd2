import { CONTAINER } from './template.js';
import type { ContainerState, Job, KubeEvent, Pod } from './kube-types.js';

/** Why a pod does not start, or why a run came to nothing, and what to do. */
export interface Problem {
  /** Stable, in kebab-case; documented. */
  code: string;
  /** One sentence. */
  message: string;
  fix: string[];
  /** It will not pass by itself. */
  lasting: boolean;
}

/** What keeps the Job's pod from running, or from being made; nothing while all goes its way. `events` are that one's. */
export function whyNotStarted(job: Job, pod: Pod | undefined, events: readonly KubeEvent[]): Problem | undefined {
  return pod ? (notScheduled(pod) ?? notRunning(pod) ?? notMounted(events)) : notCreated(job, events);
}

function notCreated(job: Job, events: readonly KubeEvent[]): Problem | undefined {
  const said = events.findLast(({ reason }) => reason === 'FailedCreate')?.message;
  if (said === undefined) return undefined;
  const namespace = job.metadata!.namespace!;
  const quota = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/.exec(said);
  if (quota) {
    const [, name, requested, used, limited] = quota;
    return passing(
      'quota-exceeded',
      `The quota ${name!} of namespace ${namespace} has no room for the pod: it asks for ${requested!}, ${used!} is used and ${limited!} allowed.`,
      'Ask for less with --cpu and --memory, wait until other pods have ended, or have the quota raised.',
      `kubectl describe resourcequota ${name!} --namespace ${namespace}`,
    );
  }
  const security = /violates PodSecurity "([^"]+)": (.+)$/.exec(said);
  if (security) {
    return lasting(
      'pod-security',
      `Namespace ${namespace} admits only pods of the Pod Security Standard ${security[1]!}, and refuses this one: ${security[2]!}.`,
      'The Job as ingestor renders it keeps to `restricted`: something in the cluster changes it. Compare: kubectl get job --output yaml',
    );
  }
  const account = /serviceaccount "([^"]+)" not found/.exec(said);
  if (account) {
    return passing(
      'service-account-missing',
      `Namespace ${namespace} has no service account ${account[1]!}.`,
      `kubectl create serviceaccount ${account[1]!} --namespace ${namespace}`,
    );
  }
  return lasting(
    'admission-refused',
    `The cluster refuses the pod: ${sentence(said)}`,
    'Change what it names (`ingestor job render` shows the Job), or ask who runs the cluster.',
  );
}

function notScheduled({ metadata, status }: Pod): Problem | undefined {
  const condition = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (!condition) return undefined;
  const said = condition.message ?? condition.reason ?? '';
  const namespace = metadata!.namespace!;
  const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(said);
  if (missing) {
    return lasting(
      'claim-missing',
      `Namespace ${namespace} has no claim ${missing[1]!}, which is to be the shared volume.`,
      'Name the right one with --claim, or create it.',
      `kubectl get persistentvolumeclaims --namespace ${namespace}`,
    );
  }
  if (/unbound immediate PersistentVolumeClaims/i.test(said)) {
    return passing(
      'claim-unbound',
      'The claim of the shared volume is not bound to a volume yet.',
      'See why: its storage class may be missing, or no volume fits its size and access mode.',
      `kubectl describe persistentvolumeclaims --namespace ${namespace}`,
    );
  }
  if (/Insufficient (cpu|memory|ephemeral-storage)/.test(said)) {
    const what = [...new Set([...said.matchAll(/Insufficient ([\w-]+)/g)].map(([, name]) => name!))].join(' and ');
    return passing(
      'no-room',
      `No node has enough ${what} for the pod: ${sentence(said)}`,
      'Ask for less with --cpu and --memory, wait until other pods have ended, or add a node.',
    );
  }
  return passing(
    'unschedulable',
    `No node takes the pod: ${sentence(said)}`,
    `kubectl describe pod ${metadata!.name!} --namespace ${namespace}`,
  );
}

function notRunning(pod: Pod): Problem | undefined {
  const { reason = '', message: said = '' } = stateOf(pod)?.waiting ?? {};
  const { name, namespace } = pod.metadata!;
  const image = pod.spec!.containers.find((container) => container.name === CONTAINER)?.image ?? 'of the Job';
  switch (reason) {
    case 'InvalidImageName':
      return lasting('image-name', `${image} is no name of an image.`, 'Correct --image.');
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
      return imageProblem(image, namespace!, said, reason !== 'ErrImagePull');
    case 'CreateContainerConfigError':
      return containerConfigProblem(namespace!, said);
    case 'CreateContainerError':
    case 'RunContainerError':
      return lasting(
        'container-not-started',
        `The container cannot be started: ${sentence(said)}`,
        "Check that --image is an ingestor image of the node's architecture.",
        `kubectl describe pod ${name!} --namespace ${namespace!}`,
      );
    default:
      return undefined;
  }
}

function imageProblem(image: string, namespace: string, said: string, isLasting: boolean): Problem {
  const detail = said.replace(/^Back-off pulling image "[^"]*"(: )?/, '');
  const because = detail === '' ? '.' : `: ${sentence(detail)}`;
  const problem = (code: string, message: string, ...fix: string[]) => ({ code, message, fix, lasting: isLasting });
  if (/unauthorized|denied|authentication required|forbidden|no basic auth/i.test(detail)) {
    return problem(
      'image-denied',
      `The registry does not give out the image ${image}${because}`,
      `Put its credentials into the Secret regcred, or name another with --image-pull-secret: kubectl create secret docker-registry regcred --namespace ${namespace} --docker-server=… --docker-username=… --docker-password=…`,
    );
  }
  if (/not found|manifest unknown|does not exist/i.test(detail)) {
    return problem('image-missing', `There is no image ${image}${because}`, 'Correct the name and tag in --image.');
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
    return lasting(
      'secret-key-missing',
      `The Secret ${key[3]!} in namespace ${namespace} has no ${key[1]!}.`,
      `Add it, or make a Secret of your environment with --create-secret-from-env: kubectl edit secret ${key[3]!} --namespace ${namespace}`,
    );
  }
  if (object?.[1] === 'secret') {
    return lasting(
      'secret-missing',
      `Namespace ${namespace} has no Secret ${object[2]!}, which is to hold the credentials.`,
      'Name the right one with --secret, or make one of your environment with --create-secret-from-env.',
    );
  }
  if (/runAsNonRoot/.test(said)) {
    return lasting(
      'image-runs-as-root',
      `The image would run as root, which the Job forbids: ${sentence(said)}`,
      'Use an ingestor image, or give yours a USER that is a number other than 0.',
    );
  }
  return lasting('container-config', `The container cannot be made: ${sentence(said)}`, 'Create what is named.');
}

function notMounted(events: readonly KubeEvent[]): Problem | undefined {
  const said = events.findLast(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume')?.message;
  if (said === undefined) return undefined;
  return passing('volume-not-mounted', `A volume is not mounted: ${sentence(said)}`, 'Create or free what is named.');
}

/** Why a Job has failed, beyond what the run itself says in its log. */
export function whyFailed(job: Job, pod: Pod | undefined): Problem | undefined {
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  const ended = pod ? stateOf(pod)?.terminated : undefined;
  if (failed?.reason === 'DeadlineExceeded') {
    return lasting(
      'deadline-exceeded',
      `The Job ran longer than its activeDeadlineSeconds, ${job.spec!.activeDeadlineSeconds ?? 'which it has no more'}, and was stopped.`,
      'Delete it and submit it again, with a longer deadline: it continues at the last committed batch.',
    );
  }
  if (pod && ended?.reason === 'OOMKilled') {
    const limit = pod.spec!.containers.find(({ name }) => name === CONTAINER)?.resources?.limits?.memory;
    return lasting(
      'out-of-memory',
      `The run took more memory than it may${limit === undefined ? '' : `, ${limit},`} and was killed.`,
      'Delete the Job and submit it again with more --memory: it continues at the last committed batch.',
    );
  }
  if (pod?.status?.reason === 'Evicted') {
    return lasting(
      'evicted',
      `The node put the pod out: ${sentence(pod.status.message ?? 'it ran short of something')}`,
      'Delete the Job and submit it again: it continues at the last committed batch.',
    );
  }
  return undefined;
}

/** The state of the run's container, once the pod has one. */
export function stateOf({ status }: Pod): ContainerState | undefined {
  return status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
}

function passing(code: string, message: string, ...fix: string[]): Problem {
  return { code, message, fix, lasting: false };
}

function lasting(code: string, message: string, ...fix: string[]): Problem {
  return { code, message, fix, lasting: true };
}

function sentence(text: string): string {
  return text.trim().replace(/\.?$/, '.');
}
