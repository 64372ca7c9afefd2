import type { BatchV1Api, CoreV1Api, KubeConfig, ResponseContext } from '@kubernetes/client-node';
import { IngestorError } from '@tracebloc/ingestor-core';
import { LABELS } from './template.js';
import { kubeError, statusOf, type KubeCall } from './kube-error.js';
import { loadKubeConfig, type ClusterFlags } from './kubeconfig.js';
import { followLog, type LogLine, type LogSource } from './log-stream.js';
import { readBeginning } from './read-beginning.js';
import type { Claim, ConfigMap, Job, KubeEvent, Pod, Secret } from './kube-types.js';

/** For how long one call may go without an answer. */
const CALL_TIMEOUT = 30_000;
/** The largest answer that is read, in bytes: a list of 1000 shards with four pods each has some 40 MiB. */
const ANSWER_BYTES = 64 * 1024 * 1024;

const SELECTOR = Object.entries(LABELS)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

/** Connects to the cluster that the flags choose. `warn` is told what the API server warns of. */
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
  throw new IngestorError({
    code: 'kubernetes-answer-too-large',
    message: `The API server answered with more than ${ANSWER_BYTES / 1024 ** 2} MiB; the rest was not read.`,
    fix: 'Check that the kubeconfig names the API server: kubectl cluster-info',
  });
}

/** What the job commands ask of the API server, in one namespace. Throws `IngestorError`s that name the call. */
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

  /** Those of this program. */
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

  /** Nothing when there is a Job of that name. */
  async createJob(body: Job): Promise<Job | undefined> {
    const { namespace } = this;
    return this.#unless(409, 'create', 'jobs', () => this.batch.createNamespacedJob({ namespace, body: body }));
  }

  /** The Job stays until its pods are gone. */
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

  /** Nothing when there is one of that name. */
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

  /** Nothing when there is one of that name. */
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

  /** Nothing where there is none, or this user may not see claims. */
  async findClaim(name: string): Promise<Claim | undefined> {
    const { namespace } = this;
    const fieldSelector = `metadata.name=${name}`;
    const list = await this.#unless(403, 'list', 'persistentvolumeclaims', () =>
      this.core.listNamespacedPersistentVolumeClaim({ namespace, fieldSelector }),
    );
    return list?.items[0];
  }

  /** The oldest first. */
  async podsOf(job: Job): Promise<Pod[]> {
    const { namespace } = this;
    const labelSelector = `batch.kubernetes.io/controller-uid=${job.metadata!.uid!}`;
    const { items } = await this.#call('list', 'pods', () => this.core.listNamespacedPod({ namespace, labelSelector }));
    return items.sort((a, b) => createdAt(a) - createdAt(b));
  }

  /** The latest last; none where this user may not see events. */
  async eventsOf(uid: string): Promise<KubeEvent[]> {
    const { namespace } = this;
    const fieldSelector = `involvedObject.uid=${uid}`;
    const list = await this.#unless(403, 'list', 'events', () =>
      this.core.listNamespacedEvent({ namespace, fieldSelector }),
    );
    const time = ({ lastTimestamp, eventTime }: KubeEvent) => new Date(lastTimestamp ?? eventTime ?? 0).getTime();
    return (list?.items ?? []).sort((a, b) => time(a) - time(b));
  }

  /** The lines of a container's log as they are written, to its end. */
  async *log(place: Omit<LogSource, 'namespace'>, signal: AbortSignal): AsyncGenerator<LogLine> {
    const { config, namespace } = this;
    try {
      yield* followLog(config, { ...place, namespace }, signal);
    } catch (error) {
      throw this.#error(error, 'get', 'pods/log');
    }
  }

  #find<T>(verb: KubeCall['verb'], resource: string, send: () => Promise<T>): Promise<T | undefined> {
    // A namespace that is not there is told by the calls that create.
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
