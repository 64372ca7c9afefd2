import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerEnvironment, containerFiles, MissingObject } from './container.js';
import { ContainerLog } from './log.js';
import { CLAIMS, CONFIG_MAPS, EVENTS, PODS, SECRETS, type Resource } from './resources.js';
import { timestamp, type KubeObject, type Store } from './store.js';
import type { Condition, ContainerState, KubeEvent, Pod } from './types.js';

/** Milliseconds between the first failure to pull an image and the back-off. */
const BACK_OFF = 50;
/** The objects that a pod may wait for. */
const NEEDED: readonly Resource[] = [CLAIMS, CONFIG_MAPS, SECRETS];

/** What the program of a container receives. */
export interface RunningContainer {
  image: string;
  args: string[];
  /** The variables, including those of Secrets. */
  env: Record<string, string>;
  /** The files of the mounted ConfigMaps by their paths. */
  files: Record<string, string>;
  log: (line: string) => void;
  /** Is aborted when the pod has to end. */
  signal: AbortSignal;
}

/** What a pod does. */
export interface PodBehaviour {
  /** Admission refuses the pod with this message. */
  refused?: string;
  /** The scheduler finds no node and gives this reason. */
  unschedulable?: string;
  /** The image cannot be pulled; this is the answer of the registry. */
  pullError?: string;
  /** The program, which returns its exit code. */
  run?: (container: RunningContainer) => Promise<number> | number;
  /** The program ends as one that needed too much memory. */
  outOfMemory?: boolean;
}

/** Runs pods: schedules them, mounts volumes, pulls the image and starts the one container, and waits for missing objects. */
export class Kubelet {
  readonly #logs = new Map<string, ContainerLog>();
  readonly #stops = new Map<string, AbortController>();
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly stopping: AbortSignal,
  ) {}

  log(pod: KubeObject): ContainerLog | undefined {
    return this.#logs.get(pod.metadata.uid);
  }

  /** Starts the pod. If it was stopped meanwhile, it is removed at its end. */
  start(pod: Pod, behaviour: PodBehaviour): void {
    const stop = new AbortController();
    this.#stops.set(pod.metadata.uid, stop);
    const work = this.#live(pod, behaviour, AbortSignal.any([stop.signal, this.stopping]))
      .catch((error: unknown) => {
        if (!stop.signal.aborted && !this.stopping.aborted) throw error;
      })
      .finally(() => {
        this.#running.delete(work);
        this.#stops.delete(pod.metadata.uid);
        if (stop.signal.aborted) this.store.remove(PODS, pod);
      });
    this.#running.add(work);
  }

  /** Asks the pod to end; then it is removed. */
  stop(pod: KubeObject): void {
    const stop = this.#stops.get(pod.metadata.uid);
    if (!stop) {
      this.store.remove(PODS, pod);
      return;
    }
    this.store.update(PODS, pod, ({ metadata }) => (metadata.deletionTimestamp ??= timestamp()));
    stop.abort();
  }

  async stopped(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #live(pod: Pod, behaviour: PodBehaviour, signal: AbortSignal): Promise<void> {
    await this.#schedule(pod, behaviour, signal);
    await this.#until(signal, () => this.#mount(pod));
    if (behaviour.pullError !== undefined) return this.#failToPull(pod, behaviour.pullError, signal);
    await this.#until(signal, () => this.#configure(pod));
    await this.#run(pod, behaviour, signal);
  }

  async #schedule(pod: Pod, { unschedulable }: PodBehaviour, signal: AbortSignal): Promise<void> {
    const claims = (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
    const hindrance = () => {
      for (const name of claims) {
        const claim = this.store.find(CLAIMS, name, pod.metadata.namespace);
        if (!claim) return `persistentvolumeclaim "${name}" not found`;
        if (claim.status?.phase === 'Pending') return 'pod has unbound immediate PersistentVolumeClaims';
      }
      return unschedulable;
    };
    await this.#until(signal, () => {
      const why = hindrance();
      const message = why === undefined ? undefined : `0/1 nodes are available: ${why}.`;
      this.#condition(pod, message);
      if (message !== undefined) this.event(PODS, pod, 'FailedScheduling', message);
      return why === undefined;
    });
    this.store.update(PODS, pod, ({ spec }) => (spec.nodeName = 'node-1'));
    this.#state(pod, { waiting: { reason: 'ContainerCreating' } });
  }

  #condition(pod: Pod, message: string | undefined): void {
    this.store.update(PODS, pod, ({ status }) => {
      const condition: Condition = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp() };
      const failed = { ...condition, status: 'False' as const, reason: 'Unschedulable', message };
      status.conditions = [message === undefined ? condition : failed];
    });
  }

  #mount(pod: Pod): boolean {
    try {
      containerFiles(this.store, pod);
      return true;
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
      this.event(PODS, pod, 'FailedMount', `MountVolume.SetUp failed for volume "config" : ${error.message}`);
      return false;
    }
  }

  async #failToPull(pod: Pod, said: string, signal: AbortSignal): Promise<void> {
    const { image } = pod.spec.containers[0]!;
    const message = `failed to pull and unpack image "${image}": ${said}`;
    this.event(PODS, pod, 'Failed', `Failed to pull image "${image}": ${message}`);
    this.#state(pod, { waiting: { reason: 'ErrImagePull', message } });
    await sleep(BACK_OFF, undefined, { signal });
    const backOff = `Back-off pulling image "${image}": ErrImagePull: ${message}`;
    this.#state(pod, { waiting: { reason: 'ImagePullBackOff', message: backOff } });
    await once(signal, 'abort');
    signal.throwIfAborted();
  }

  #configure(pod: Pod): boolean {
    try {
      containerEnvironment(this.store, pod);
      return true;
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
      this.#state(pod, { waiting: { reason: 'CreateContainerConfigError', message: error.message } });
      return false;
    }
  }

  async #run(pod: Pod, { run, outOfMemory = false }: PodBehaviour, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { image, args = [] } = pod.spec.containers[0]!;
    const log = new ContainerLog();
    this.#logs.set(pod.metadata.uid, log);
    const startedAt = timestamp();
    this.event(PODS, pod, 'Started', 'Started container', 'Normal');
    this.#state(pod, { running: { startedAt } }, 'Running');
    const env = containerEnvironment(this.store, pod);
    const files = containerFiles(this.store, pod);
    const exitCode = await run?.({ image, args, env, files, log: (line) => log.write(line), signal });
    log.end();
    const code = outOfMemory ? 137 : (exitCode ?? 0);
    const reason = outOfMemory ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error';
    const terminated = { exitCode: code, reason, startedAt, finishedAt: timestamp() };
    this.#state(pod, { terminated }, code === 0 ? 'Succeeded' : 'Failed');
  }

  #state(pod: Pod, state: ContainerState, phase: Pod['status']['phase'] = 'Pending'): void {
    this.store.update(PODS, pod, ({ spec, status }) => {
      const { name, image } = spec.containers[0]!;
      status.phase = phase;
      const ready = state.running !== undefined;
      status.containerStatuses = [{ name, image, imageID: '', ready, restartCount: 0, state }];
    });
  }

  /** Tries again whenever an object changes that the pod may wait for. */
  async #until(signal: AbortSignal, isDone: () => boolean): Promise<void> {
    while (!isDone()) await this.#objectChanged(signal);
  }

  async #objectChanged(signal: AbortSignal): Promise<void> {
    const changed = new EventEmitter();
    const detach = this.store.onChange(({ resource }) => NEEDED.includes(resource) && changed.emit('change'));
    await once(changed, 'change', { signal }).finally(detach);
  }

  /** Records an event of an object. The same event again increases the count of the first. */
  event(
    resource: Resource,
    { metadata, kind, apiVersion }: KubeObject,
    reason: string,
    message: string,
    type: KubeEvent['type'] = 'Warning',
  ): void {
    const { name, namespace, uid } = metadata;
    const now = timestamp();
    const involvedObject = { kind, namespace, name, uid, apiVersion };
    const same = this.store
      .list(EVENTS, {
        namespace,
        fieldSelector: `involvedObject.uid=${uid}`,
      })
      .find((event) => event.reason === reason && event.message === message);
    if (same) {
      this.store.update(EVENTS, same, (event) => {
        event.count++;
        event.lastTimestamp = now;
      });
      return;
    }
    const source = { component: resource === PODS ? 'kubelet' : 'job-controller' };
    const times = { firstTimestamp: now, lastTimestamp: now, count: 1 };
    const unique = `${name}.${this.store.version.toString(16)}`;
    this.store.create(EVENTS, {
      metadata: { name: unique, namespace },
      involvedObject,
      reason,
      message,
      type,
      source,
      ...times,
    });
  }
}
