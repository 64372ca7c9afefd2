import { isDeepStrictEqual } from 'node:util';
import { INDEX, indexStates, intervals, isActive, isIndexed, verdictOn, type IndexState } from './indexes.js';
import type { Kubelet, PodBehaviour } from './kubelet.js';
import { JOBS, PODS } from './resources.js';
import { timestamp, type Change, type Store } from './store.js';
import type { Condition, Job, Pod, PodSpec } from './types.js';

/** Milliseconds until a pod that was refused is tried again. */
const RETRY = 200;
/** The annotation of a pod that says how often its index has failed before. */
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
/** The condition of a Job that will have failed when its pods have ended. */
const FAILING = 'FailureTarget';

/** Runs Jobs: starts pods for each index, one after another, until one succeeds or too many have failed. */
export class JobController {
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The uids of Jobs whose pods were refused and will be tried again. */
  readonly #refused = new Set<string>();
  readonly #detach: () => void;

  constructor(
    private readonly store: Store,
    private readonly kubelet: Kubelet,
    /** Returns what the next pod of a Job does. */
    private readonly nextBehaviour: (job: string) => PodBehaviour,
  ) {
    this.#detach = store.onChange((change) => this.#react(change));
  }

  stop(): void {
    this.#detach();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #react({ type, resource, object }: Change): void {
    if (type === 'DELETED' && resource !== PODS) return;
    const { name, namespace, ownerReferences } = object.metadata;
    const job = resource === JOBS ? name : resource === PODS ? ownerReferences?.[0]?.name : undefined;
    // Other listeners receive the change first.
    if (job !== undefined) this.#later(0, () => this.#sync(job, namespace!));
    if (resource === JOBS && type === 'ADDED') this.#watchDeadline(object as Job);
  }

  #later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #sync(name: string, namespace: string): void {
    const job = this.store.find(JOBS, name, namespace);
    if (!job || job.metadata.deletionTimestamp !== undefined || job.spec.suspend || isFinished(job)) return;
    const pods = this.#podsOf(job);
    const states = indexStates(job, pods);
    this.#count(job, pods, states);
    const failing = job.status?.conditions?.find(({ type }) => type === FAILING);
    if (failing) {
      if (!pods.some(isActive)) this.#condition(job, 'Failed', failing.reason!);
      return;
    }
    const verdict = verdictOn(job, pods, states);
    if (verdict?.type === 'Complete') this.#condition(job, verdict.type, verdict.reason);
    else if (verdict) this.#fail(job, verdict.reason);
    else this.#createPods(job, states);
  }

  #createPods(job: Job, states: readonly IndexState[]): void {
    if (this.#refused.has(job.metadata.uid)) return;
    const room = (job.spec.parallelism ?? 1) - states.filter(({ active }) => active).length;
    const idle = states.filter((state) => !state.active && !state.succeeded && !state.failed);
    for (const { index, failures } of idle.slice(0, Math.max(0, room))) this.#createPod(job, index, failures);
  }

  #createPod(job: Job, index: number | undefined, failures: number): void {
    const { name, namespace, uid } = job.metadata;
    const behaviour = this.nextBehaviour(name);
    const unique = this.store.version.toString(36).padStart(5, '0');
    const podName = index === undefined ? `${name}-${unique}` : `${name}-${index}-${unique}`;
    if (behaviour.refused !== undefined) {
      const message = `Error creating: pods "${podName}" is forbidden: ${behaviour.refused}`;
      this.kubelet.event(JOBS, job, 'FailedCreate', message);
      if (!this.#refused.has(uid)) this.#later(RETRY, () => this.#retry(job));
      this.#refused.add(uid);
      return;
    }
    const { metadata, spec } = job.spec.template;
    const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }];
    const pod = this.store.create(PODS, {
      metadata: { ...metadata, ...indexed(job, index, failures), name: podName, namespace, ownerReferences },
      spec: index === undefined ? spec : withIndex(spec),
      status: { phase: 'Pending' },
    });
    this.kubelet.event(JOBS, job, 'SuccessfulCreate', `Created pod: ${podName}`, 'Normal');
    this.kubelet.start(pod, behaviour);
  }

  #retry({ metadata: { uid, name, namespace } }: Job): void {
    this.#refused.delete(uid);
    this.#sync(name, namespace!);
  }

  /** Stops the pods that still run. The Job has failed when they have ended. */
  #fail(job: Job, reason: string): void {
    this.#condition(job, FAILING, reason);
    for (const pod of this.#podsOf(job).filter(isActive)) this.kubelet.stop(pod);
  }

  #condition(job: Job, type: string, reason: string): void {
    this.store.update(JOBS, job, (present) => {
      const now = timestamp();
      const condition: Condition = { type, status: 'True', reason, message: '', lastTransitionTime: now };
      const completed = type === 'Complete' ? { completionTime: now } : {};
      const conditions = [...(present.status?.conditions ?? []), condition];
      present.status = { ...present.status, ...completed, conditions };
    });
  }

  #count(job: Job, pods: readonly Pod[], states: readonly IndexState[]): void {
    const status: Job['status'] = {
      ...job.status,
      startTime: job.status?.startTime ?? timestamp(),
      active: pods.filter(isActive).length,
      succeeded: states.filter(({ succeeded }) => succeeded).length,
      failed: pods.filter(({ status: { phase } }) => phase === 'Failed').length,
    };
    const indexesOf = (chosen: readonly IndexState[]) => intervals(chosen.map(({ index }) => index!));
    if (isIndexed(job)) {
      status.completedIndexes = indexesOf(states.filter(({ succeeded }) => succeeded));
      if (job.spec.backoffLimitPerIndex !== undefined) {
        status.failedIndexes = indexesOf(states.filter(({ failed }) => failed));
      }
    }
    if (!isDeepStrictEqual(status, job.status)) this.store.update(JOBS, job, (present) => (present.status = status));
  }

  #watchDeadline(job: Job): void {
    const seconds = job.spec.activeDeadlineSeconds;
    if (seconds === undefined) return;
    this.#later(seconds * 1000, () => {
      const present = this.store.find(JOBS, job.metadata.name, job.metadata.namespace);
      if (present && !isFinished(present)) this.#fail(present, 'DeadlineExceeded');
    });
  }

  #podsOf({ metadata: { uid, namespace } }: Job): Pod[] {
    return this.store.list(PODS, { namespace, labelSelector: `batch.kubernetes.io/controller-uid=${uid}` });
  }
}

function isFinished({ status }: Job): boolean {
  return status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed') ?? false;
}

/** Returns the labels and annotations of a pod with this index. */
function indexed({ spec }: Job, index: number | undefined, failures: number): object {
  if (index === undefined) return {};
  const counted = spec.backoffLimitPerIndex === undefined ? {} : { [FAILURES]: String(failures) };
  return {
    labels: { ...spec.template.metadata?.labels, [INDEX]: String(index) },
    annotations: { [INDEX]: String(index), ...counted },
  };
}

/** Adds the variable that passes the pod's index to each container. */
function withIndex(spec: PodSpec): PodSpec {
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } },
  };
  const containers = spec.containers.map((container) => ({ ...container, env: [...(container.env ?? []), variable] }));
  return { ...spec, containers };
}
