import type {
  BatchV1Api,
  CoreV1Api,
  CoreV1Event,
  KubeConfig,
  ResponseContext,
  V1ConfigMap,
  V1Job,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
} from '@kubernetes/client-node';
import { JOB_ERRORS } from '../errors.js';
import { kubeError, statusOf, type KubeCall } from './kube-error.js';
import { loadKubeConfig, type ClusterFlags } from './kubeconfig.js';
import { followLog, readBeginning, type LogLine, type LogSource } from './log-source.js';
import { LABELS } from './objects.js';

/** The client's models are classes, and these types are their fields alone. */
type Plain<T> = T extends Date
  ? T
  : T extends (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Name in keyof T]: Plain<T[Name]> }
      : T;

export type Job = Plain<V1Job>;
export type Pod = Plain<V1Pod>;
export type ConfigMap = Plain<V1ConfigMap>;
export type Secret = Plain<V1Secret>;
export type Claim = Plain<V1PersistentVolumeClaim>;
export type KubeEvent = Plain<CoreV1Event>;
export type ObjectMeta = Plain<V1ObjectMeta>;
export type Container = NonNullable<Pod['spec']>['containers'][number];
export type ContainerState = NonNullable<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state']>;

/** Milliseconds that one call may take. */
const CALL_TIMEOUT = 30_000;
/** The largest answer that is read, in bytes. A list of 1000 shards with four pods each has about 40 MiB. */
const ANSWER_BYTES = 64 * 1024 * 1024;

const SELECTOR = Object.entries(LABELS)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

/** Connects to the cluster that the flags choose. `warn` gets the warnings of the API server. */
export async function openCluster(flags: ClusterFlags, warn: (text: string) => void): Promise<Cluster> {
  const config = await loadKubeConfig(flags);
  const { BatchV1Api, CoreV1Api, createConfiguration, ServerConfiguration } = await import('@kubernetes/client-node');
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(config.getCurrentCluster()!.server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        async pre(request) {
          request.setSignal(AbortSignal.timeout(CALL_TIMEOUT));
          return request;
        },
        async post(response) {
          // `299 - "would violate PodSecurity ..."`
          for (const [, text] of (response.headers.warning ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
            warn(text!.replace(/\\(.)/g, '$1'));
          }
          response.body.text = () => readAnswer(response);
          return response;
        },
      },
    ],
  });
  const namespace = flags.namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  return new Cluster(config, new BatchV1Api(configuration), new CoreV1Api(configuration), namespace);
}

/** The client itself would read an answer of any size. */
async function readAnswer({ body }: ResponseContext): Promise<string> {
  // A web stream, which can be iterated in Node.
  const stream = body.stream() as unknown as AsyncIterable<Uint8Array> | null;
  const { text, isCut } = stream ? await readBeginning(stream, ANSWER_BYTES) : { text: '', isCut: false };
  if (!isCut) return text;
  throw JOB_ERRORS.make('kubernetes-answer-too-large', {
    message: `The API server answered with more than ${ANSWER_BYTES / 1024 ** 2} MiB; the rest was not read.`,
    fix: 'Check that the kubeconfig names the API server: kubectl cluster-info',
  });
}

/** The calls of the job commands to the API server, in one namespace. They throw `IngestorError`s that name the call. */
export class Cluster {
  readonly server: string;

  constructor(
    readonly config: KubeConfig,
    private readonly batch: BatchV1Api,
    private readonly core: CoreV1Api,
    readonly namespace: string,
  ) {
    this.server = config.getCurrentCluster()!.server;
  }

  /** Lists the Jobs that ingestor or its manifests have created. */
  async listJobs(): Promise<Job[]> {
    const { namespace } = this;
    const list = await this.#call('list', 'jobs', () =>
      this.batch.listNamespacedJob({ namespace, labelSelector: SELECTOR }),
    );
    return list.items;
  }

  findJob(name: string): Promise<Job | undefined> {
    const { namespace } = this;
    return this.#find('get', 'jobs', () => this.batch.readNamespacedJob({ namespace, name }));
  }

  /** Returns undefined when a Job has that name. */
  async createJob(body: Job): Promise<Job | undefined> {
    const { namespace } = this;
    return this.#unless(409, 'create', 'jobs', () => this.batch.createNamespacedJob({ namespace, body: body }));
  }

  /** Kubernetes keeps the Job until its pods are gone. */
  async deleteJob(name: string): Promise<void> {
    const { namespace } = this;
    await this.#find('delete', 'jobs', () =>
      this.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Foreground' }),
    );
  }

  findConfigMap(name: string): Promise<ConfigMap | undefined> {
    const { namespace } = this;
    return this.#find('get', 'configmaps', () => this.core.readNamespacedConfigMap({ namespace, name }));
  }

  /** Returns undefined when one has that name. */
  createConfigMap(body: ConfigMap): Promise<ConfigMap | undefined> {
    const { namespace } = this;
    return this.#unless(409, 'create', 'configmaps', () =>
      this.core.createNamespacedConfigMap({ namespace, body: body }),
    );
  }

  async replaceConfigMap(body: ConfigMap): Promise<void> {
    const { namespace } = this;
    const name = body.metadata!.name!;
    await this.#call('update', 'configmaps', () =>
      this.core.replaceNamespacedConfigMap({ namespace, name, body: body }),
    );
  }

  async deleteConfigMap(name: string): Promise<void> {
    const { namespace } = this;
    await this.#find('delete', 'configmaps', () => this.core.deleteNamespacedConfigMap({ namespace, name }));
  }

  findSecret(name: string): Promise<Secret | undefined> {
    const { namespace } = this;
    return this.#find('get', 'secrets', () => this.core.readNamespacedSecret({ namespace, name }));
  }

  /** Returns undefined when one has that name. */
  createSecret(body: Secret): Promise<Secret | undefined> {
    const { namespace } = this;
    return this.#unless(409, 'create', 'secrets', () => this.core.createNamespacedSecret({ namespace, body: body }));
  }

  async replaceSecret(body: Secret): Promise<void> {
    const { namespace } = this;
    const name = body.metadata!.name!;
    await this.#call('update', 'secrets', () => this.core.replaceNamespacedSecret({ namespace, name, body: body }));
  }

  async deleteSecret(name: string): Promise<void> {
    const { namespace } = this;
    await this.#find('delete', 'secrets', () => this.core.deleteNamespacedSecret({ namespace, name }));
  }

  /** Returns undefined when there is no such claim or this user may not see claims. */
  async findClaim(name: string): Promise<Claim | undefined> {
    const { namespace } = this;
    const fieldSelector = `metadata.name=${name}`;
    const list = await this.#unless(403, 'list', 'persistentvolumeclaims', () =>
      this.core.listNamespacedPersistentVolumeClaim({ namespace, fieldSelector }),
    );
    return list?.items[0];
  }

  /** Returns the pods of a Job, the oldest first. */
  async podsOf(job: Job): Promise<Pod[]> {
    const { namespace } = this;
    const labelSelector = `batch.kubernetes.io/controller-uid=${job.metadata!.uid!}`;
    const { items } = await this.#call('list', 'pods', () => this.core.listNamespacedPod({ namespace, labelSelector }));
    return items.sort((a, b) => createdAt(a) - createdAt(b));
  }

  /** Returns the events of an object, the latest last; none when this user may not see events. */
  async eventsOf(uid: string): Promise<KubeEvent[]> {
    const { namespace } = this;
    const fieldSelector = `involvedObject.uid=${uid}`;
    const list = await this.#unless(403, 'list', 'events', () =>
      this.core.listNamespacedEvent({ namespace, fieldSelector }),
    );
    const time = ({ lastTimestamp, eventTime }: KubeEvent) => new Date(lastTimestamp ?? eventTime ?? 0).getTime();
    return (list?.items ?? []).sort((a, b) => time(a) - time(b));
  }

  /** Yields the lines of a container's log as they are written. Throws the signal's reason when it is aborted. */
  async *log(source: Omit<LogSource, 'namespace'>, signal: AbortSignal): AsyncGenerator<LogLine> {
    const { config, namespace } = this;
    try {
      yield* followLog(config, { ...source, namespace }, signal);
    } catch (error) {
      throw this.#error(error, 'get', 'pods/log');
    }
  }

  #find<T>(verb: KubeCall['verb'], resource: string, send: () => Promise<T>): Promise<T | undefined> {
    // The calls that create objects report a missing namespace.
    return this.#unless(404, verb, resource, send);
  }

  async #unless<T>(
    status: number,
    verb: KubeCall['verb'],
    resource: string,
    send: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await send();
    } catch (error) {
      if (statusOf(error) === status) return undefined;
      throw this.#error(error, verb, resource);
    }
  }

  async #call<T>(verb: KubeCall['verb'], resource: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw this.#error(error, verb, resource);
    }
  }

  #error(error: unknown, verb: KubeCall['verb'], resource: string): unknown {
    const { namespace, server } = this;
    return kubeError(error, { verb, resource, namespace, server });
  }
}

function createdAt({ metadata }: Pod): number {
  return new Date(metadata!.creationTimestamp!).getTime();
}
