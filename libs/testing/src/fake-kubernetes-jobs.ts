import type { Kubelet, PodBehaviour } from './fake-kubernetes-kubelet.js';
import { JOBS, PODS } from './fake-kubernetes-resources.js';
import { timestamp, type Change, type Store } from './fake-kubernetes-store.js';
import type { Job, Pod } from './fake-kubernetes-types.js';

/** Milliseconds until a pod that was refused is tried again. */
const RETRY = 200;

/** Runs Jobs: one pod at a time until one succeeds, or too many fail. */
export class JobController {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #detach: () => void;

  constructor(
    private readonly store: Store,
    private readonly kubelet: Kubelet,
    /** What becomes of the next pod of a Job. */
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
    // After the change is told to everybody.
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
    const failed = pods.filter(({ status }) => status.phase === 'Failed');
    const counted = failed.filter((pod) => actionOn(job, pod) !== 'Ignore');
    const verdict = failed.find((pod) => actionOn(job, pod) === 'FailJob');
    if (pods.some(({ status }) => status.phase === 'Succeeded')) {
      this.#finish(job, 'Complete', 'CompletionsReached');
      return;
    }
    if (verdict) {
      this.#finish(job, 'Failed', 'PodFailurePolicy');
      return;
    }
    if (counted.length > (job.spec.backoffLimit ?? 6)) {
      this.#finish(job, 'Failed', 'BackoffLimitExceeded');
      return;
    }
    if (pods.length === failed.length) this.#createPod(job);
  }

  #createPod(job: Job): void {
    const { name, namespace, uid } = job.metadata;
    const behaviour = this.nextBehaviour(name);
    const podName = `${name}-${this.store.version.toString(36).padStart(5, '0')}`;
    if (behaviour.refused !== undefined) {
      const message = `Error creating: pods "${podName}" is forbidden: ${behaviour.refused}`;
      this.kubelet.event(JOBS, job, 'FailedCreate', message);
      this.#later(RETRY, () => this.#sync(name, namespace!));
      return;
    }
    const { metadata, spec } = job.spec.template;
    const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }];
    const pod = this.store.create(PODS, {
      metadata: { ...metadata, name: podName, namespace, ownerReferences },
      spec,
      status: { phase: 'Pending' },
    });
    this.store.update(JOBS, job, (present) => {
      present.status = { ...present.status, active: 1, startTime: present.status?.startTime ?? timestamp() };
    });
    this.kubelet.event(JOBS, job, 'SuccessfulCreate', `Created pod: ${podName}`, 'Normal');
    this.kubelet.start(pod, behaviour);
  }

  #finish(job: Job, type: 'Complete' | 'Failed', reason: string): void {
    const pods = this.#podsOf(job);
    const count = (phase: Pod['status']['phase']) => pods.filter(({ status }) => status.phase === phase).length;
    this.store.update(JOBS, job, (present) => {
      const now = timestamp();
      const condition = { type, status: 'True' as const, reason, message: '', lastTransitionTime: now };
      const counts = { active: 0, succeeded: count('Succeeded'), failed: count('Failed') };
      const completed = type === 'Complete' ? { completionTime: now } : {};
      present.status = { ...present.status, ...counts, ...completed, conditions: [condition] };
    });
  }

  #watchDeadline(job: Job): void {
    const seconds = job.spec.activeDeadlineSeconds;
    if (seconds === undefined) return;
    this.#later(seconds * 1000, () => {
      const present = this.store.find(JOBS, job.metadata.name, job.metadata.namespace);
      if (!present || isFinished(present)) return;
      this.#finish(present, 'Failed', 'DeadlineExceeded');
      for (const pod of this.#podsOf(present)) this.kubelet.stop(pod);
    });
  }

  #podsOf({ metadata: { uid, namespace } }: Job): Pod[] {
    return this.store.list(PODS, { namespace, labelSelector: `batch.kubernetes.io/controller-uid=${uid}` });
  }
}

function isFinished({ status }: Job): boolean {
  return status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed') ?? false;
}

/** What the Job's policy says of a pod that failed. */
function actionOn({ spec }: Job, pod: Pod): 'FailJob' | 'Ignore' | 'Count' {
  const code = pod.status.containerStatuses?.[0]?.state.terminated?.exitCode;
  const rule = spec.podFailurePolicy?.rules.find(
    ({ onExitCodes }) =>
      onExitCodes && code !== undefined && (onExitCodes.operator === 'In') === onExitCodes.values.includes(code),
  );
  return rule?.action ?? 'Count';
}
