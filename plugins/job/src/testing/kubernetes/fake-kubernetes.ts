import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { selfSignedCertificate } from '@tracebloc/ingestor-testing';
import { answer, parsePath, selectionOf, type ApiRequest, type Verb } from './api.js';
import { Collector } from './collector.js';
import { JobController } from './jobs.js';
import { Kubelet, type PodBehaviour } from './kubelet.js';
import { DISCOVERY, JOBS, NAMESPACES, PODS, qualified, RESOURCES, type Resource } from './resources.js';
import { StatusError } from './status.js';
import { isSelected, Store, type Change, type KubeObject } from './store.js';

export type { PodBehaviour, RunningContainer } from './kubelet.js';
export type { KubeObject } from './store.js';

/** A request with the status of its answer. */
export interface KubeRequest {
  method: string;
  /** Path and query. */
  url: string;
  status: number;
}

const TOKEN = 'fake-kubernetes-token';
const USER = 'developer';
const ANY_JOB = '*';

/** Starts an API server on the loopback interface, with a namespace `default` and the claim `client-pvc` in it. */
export async function startFakeKubernetes(): Promise<FakeKubernetes> {
  const certificate = await selfSignedCertificate();
  const server = createServer(certificate).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new FakeKubernetes(server, certificate.cert);
}

/**
 * The parts of a cluster that Jobs need: an API server with the real paths over https, which kubectl can use too, a
 * controller that creates the pods of Jobs, and a kubelet that runs them. A pod's program is a function.
 */
export class FakeKubernetes {
  readonly url: string;
  /** Every request, in order. */
  readonly requests: KubeRequest[] = [];
  /** A warning that the API server adds to each answer. */
  warning: string | undefined;
  /** Is awaited before the API server answers with the log of this pod. */
  beforeLog: ((pod: string) => Promise<unknown>) | undefined;
  /** Is awaited before a call, such as `create jobs`, has any effect. */
  beforeCall: ((call: string) => unknown) | undefined;
  /** Is awaited after a call has had its effect and before it is answered. */
  beforeAnswer: ((call: string) => unknown) | undefined;

  readonly #server: Server;
  readonly #port: number;
  readonly #ca: string;
  readonly #store = new Store();
  readonly #stopping = new AbortController();
  readonly #kubelet = new Kubelet(this.#store, this.#stopping.signal);
  readonly #collector = new Collector(this.#store, this.#kubelet);
  readonly #jobs: JobController;
  readonly #behaviours = new Map<string, PodBehaviour[]>();
  #denied: { verb: Verb; resource: string } | undefined;

  /** The server listens already. */
  constructor(server: Server, ca: string) {
    this.#server = server;
    this.#ca = ca;
    this.#port = (server.address() as AddressInfo).port;
    this.url = `https://127.0.0.1:${this.#port}`;
    this.#jobs = new JobController(this.#store, this.#kubelet, (job) => this.#nextBehaviour(job));
    this.#store.create(NAMESPACES, { metadata: { name: 'default' }, status: { phase: 'Active' } });
    this.addClaim('client-pvc');
    server.on('request', (request, response) => {
      // A client may close its connection before it is answered.
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Returns a kubeconfig with the context `fake`, as JSON, which is valid YAML. */
  kubeconfig({ token = TOKEN, namespace }: { token?: string; namespace?: string } = {}): string {
    const cluster = { server: this.url, 'certificate-authority-data': Buffer.from(this.#ca).toString('base64') };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster }],
      users: [{ name: USER, user: { token } }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: USER, namespace } }],
      'current-context': 'fake',
    });
  }

  addClaim(name: string, phase: 'Bound' | 'Pending' = 'Bound', accessMode = 'ReadWriteMany'): void {
    this.add('persistentvolumeclaims', { metadata: { name }, spec: { accessModes: [accessMode] }, status: { phase } });
  }

  /** Creates an object in the namespace `default`, as a request would. Throws a `StatusError` when it is refused. */
  add(
    plural: string,
    object: { metadata: { name: string; labels?: object }; data?: object; spec?: object; status?: object },
  ): void {
    const body = { ...object, metadata: { ...object.metadata } };
    const query = new URLSearchParams();
    const request = { verb: 'create', resource: resourceOf(plural), namespace: 'default', query } as const;
    answer(this.#store, this.#collector, request, body, 'application/json');
  }

  /** Removes an object from the namespace `default`, if it exists. */
  remove(plural: string, name: string): void {
    const object = this.#store.find(resourceOf(plural), name, 'default');
    if (object) this.#store.remove(resourceOf(plural), object);
  }

  /** Lists all objects of a kind; `plural` is its name in paths. */
  list(plural: string): KubeObject[] {
    return this.#store.list(resourceOf(plural));
  }

  /** Sets what the next pods do, of one Job or of any: one entry for each, and the last for all that follow. */
  behave(behaviours: readonly PodBehaviour[], job = ANY_JOB): void {
    this.#behaviours.set(job, [...behaviours]);
  }

  /** Removes every Job with the objects that it owns. Afterwards everything is allowed, and pods succeed. */
  reset(): void {
    this.#behaviours.clear();
    this.beforeLog = undefined;
    this.beforeCall = undefined;
    this.beforeAnswer = undefined;
    this.deny();
    for (const job of this.#store.list(JOBS)) this.#collector.delete(JOBS, job, 'Background');
  }

  /** Forbids one verb on one kind of object to everybody. Without an argument, everything is allowed again. */
  deny(denied?: { verb: Verb; resource: string }): void {
    this.#denied = denied;
  }

  /** Closes every connection. The server continues to accept new ones. */
  cutConnections(): void {
    this.#server.closeAllConnections();
  }

  /** Stops the API server until `reconnect`. The pods continue. */
  async disconnect(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cutConnections();
    await closed;
  }

  async reconnect(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#jobs.stop();
    this.#stopping.abort();
    await this.#kubelet.stopped();
    if (this.#server.listening) await this.disconnect();
  }

  #nextBehaviour(job: string): PodBehaviour {
    const behaviours = this.#behaviours.get(job) ?? this.#behaviours.get(ANY_JOB) ?? [];
    return (behaviours.length > 1 ? behaviours.shift() : behaviours[0]) ?? {};
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    const request: KubeRequest = { method, url, status: 0 };
    this.requests.push(request);
    const body = await text(incoming);
    if (this.warning !== undefined) response.setHeader('warning', `299 - ${JSON.stringify(this.warning)}`);
    response.on('close', () => (request.status = response.statusCode));
    try {
      await this.#answer(incoming, new URL(url, this.url), body, response);
    } catch (error) {
      const told = error instanceof StatusError ? error : new StatusError(500, String(error));
      send(response, told.code, told);
    }
  }

  async #answer(
    { method = '', headers }: IncomingMessage,
    url: URL,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    if (headers.authorization !== `Bearer ${TOKEN}`) throw new StatusError(401, 'Unauthorized');
    const known = DISCOVERY[url.pathname];
    if (known) {
      send(response, 200, known);
      return;
    }
    const request = parsePath(method, url);
    if (!request) throw new StatusError(404, 'the server could not find the requested resource');
    this.#authorize(request);
    if (request.subresource === 'log') return this.#sendLog(request, response);
    if (request.verb === 'watch') return this.#sendChanges(request, response);
    const contentType = headers['content-type'] ?? '';
    // `kubectl apply` sends JSON; other commands of kubectl may send Protocol Buffers.
    if (body !== '' && !contentType.includes('json'))
      throw new StatusError(415, `${contentType}: only JSON is taken here`);
    const given: unknown = body === '' ? undefined : JSON.parse(body);
    const call = `${request.verb} ${request.resource.plural}`;
    await this.beforeCall?.(call);
    const { status, body: answered } = answer(this.#store, this.#collector, request, given, contentType);
    await this.beforeAnswer?.(call);
    send(response, status, answered);
  }

  #authorize({ verb, resource, namespace = '', name }: ApiRequest): void {
    const { plural, group } = resource;
    if (this.#denied?.verb !== verb || this.#denied.resource !== plural) return;
    const object = `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden`;
    const what = `User "${USER}" cannot ${verb} resource "${plural}" in API group "${group}" in the namespace "${namespace}"`;
    throw new StatusError(403, `${object}: ${what}`);
  }

  async #sendLog({ name, namespace, query }: ApiRequest, response: ServerResponse): Promise<void> {
    const pod = this.#store.get(PODS, name!, namespace);
    const log = this.#kubelet.log(pod);
    const container = pod.spec.containers[0]!.name;
    if (!log) {
      const reason = pod.status.containerStatuses?.[0]?.state.waiting?.reason ?? 'PodScheduled';
      throw new StatusError(400, `container "${container}" in pod "${name!}" is waiting to start: ${reason}`);
    }
    if (![null, container].includes(query.get('container'))) {
      throw new StatusError(400, `container ${query.get('container')!} is not valid for pod ${name!}`);
    }
    await this.beforeLog?.(name!);
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const tail = query.get('tailLines');
    const lines = log.read(
      {
        follow: query.get('follow') === 'true',
        timestamps: query.get('timestamps') === 'true',
        sinceTime: query.get('sinceTime') ?? undefined,
        tailLines: tail === null ? undefined : Number(tail),
      },
      gone.signal,
    );
    for await (const line of lines) response.write(line);
    response.end();
  }

  async #sendChanges(request: ApiRequest, response: ServerResponse): Promise<void> {
    const { resource, query } = request;
    const selection = selectionOf(request);
    const tell = ({ type, resource: changed, object }: Pick<Change, 'type' | 'resource' | 'object'>) => {
      if (changed !== resource || !isSelected(object, selection)) return;
      response.write(`${JSON.stringify({ type, object })}\n`);
    };
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const since = Number(query.get('resourceVersion') ?? 0);
    if (since === 0) for (const object of this.#store.list(resource)) tell({ type: 'ADDED', resource, object });
    else this.#store.changes.slice(since).forEach(tell);
    const detach = this.#store.onChange(tell);
    const timeout = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 300) * 1000);
    await once(response, 'close');
    clearTimeout(timeout);
    detach();
  }
}

function resourceOf(plural: string): Resource {
  return RESOURCES.find((resource) => resource.plural === plural)!;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
