import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseRequest, type BackendCall, type RawRequest } from './calls.js';
import { FaultQueue, type Fault } from './faults.js';
import { BackendState, type BackendRun } from './state.js';
import { selfSignedCertificate, type Certificate } from '../servers/certificates.js';

export type { BackendCall, ReceivedRecord } from './calls.js';
export type { Fault } from './faults.js';
export type { BackendDataset, BackendRun } from './state.js';

/** A request with the status of its answer, or 0 without an answer. */
export type BackendRequest = RawRequest & { status: number };

/** A request that the real backend would not accept in this form or at this point. */
export interface Violation {
  /** `METHOD /path/?query`. */
  request: string;
  problems: string[];
}

export interface FakeBackendOptions {
  /** The valid token, which a login returns. */
  token?: string;
  username?: string;
  password?: string;
  /** Uses https with this certificate, or with a new one. */
  tls?: boolean | Certificate;
  /** Default: a free port. */
  port?: number;
  /** Is called for each accepted call and each violation. */
  observe?: (event: { call: BackendCall } | { violation: Violation }) => void;
}

interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/** Starts a backend on the loopback interface that accepts the documented calls and records them. */
export async function startFakeBackend(options: FakeBackendOptions = {}): Promise<FakeBackend> {
  const certificate = options.tls === true ? await selfSignedCertificate() : options.tls || undefined;
  const server = certificate ? createHttpsServer(certificate) : createHttpServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return new FakeBackend(server, options, certificate?.cert);
}

/**
 * An HTTP server in place of the backend. It answers a request with a wrong form or out of the documented order with 400
 * and records it in `violations`. Wrong credentials lead to a 401 or 400 without a violation.
 */
export class FakeBackend {
  /** The address, without a slash at the end. */
  readonly url: string;
  /** The PEM certificate of the server, with `tls`. */
  readonly ca: string | undefined;
  /** All requests, whatever their answers. */
  readonly requests: BackendRequest[] = [];
  /** The accepted calls in their order, including repeated ones. */
  readonly calls: BackendCall[] = [];
  readonly violations: Violation[] = [];

  readonly #server: Server;
  readonly #options: FakeBackendOptions;
  readonly #username: string;
  readonly #password: string;
  readonly #faults = new FaultQueue();
  readonly #state = new BackendState();
  #token: string;
  #expired = false;
  #tokens = 1;

  constructor(server: Server, options: FakeBackendOptions, ca: string | undefined) {
    this.url = `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.ca = ca;
    this.#server = server;
    this.#options = options;
    this.#token = options.token ?? 'fake-token-1';
    this.#username = options.username ?? 'fake-client';
    this.#password = options.password ?? 'fake-password';
    server.on('request', (request, response) => {
      // A client may disconnect while its body is read.
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** The valid token, or the last one if it has expired. */
  get token(): string {
    return this.#token;
  }

  /** All runs, in the order of their first batch. */
  get runs(): BackendRun[] {
    return this.#state.runs;
  }

  /** The newest run of each table. */
  get tables(): Record<string, BackendRun> {
    return this.#state.tables;
  }

  /** Makes the next matching requests fail. Faults apply in the order in which they were added. */
  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Makes this the only valid token. */
  rotateToken(token: string): void {
    this.#token = token;
    this.#expired = false;
  }

  /** Makes the token invalid until a login returns a new one or `rotateToken` is called. */
  expireToken(): void {
    this.#expired = true;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const request: BackendRequest = { method, url, headers, body: await text(incoming), status: 0 };
    this.requests.push(request);
    const fault = this.#faults.take(method, url);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
    await fault?.until;
    if (fault?.hangup === 'before') {
      response.destroy();
      return;
    }
    const answer = (fault && faultAnswer(fault)) ?? this.#answer(request);
    if (fault?.hangup === 'after') {
      response.destroy();
      return;
    }
    request.status = answer.status;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers, ...fault?.headers });
    response.end(answer.body);
  }

  #answer(request: BackendRequest): Answer {
    const parsed = parseRequest(request);
    if ('problems' in parsed) return this.#violation(request, parsed.problems);
    const { call } = parsed;
    const { authorization } = request.headers;
    if (call.name === 'token') {
      if (authorization !== undefined) return this.#violation(request, ['a login takes no Authorization header']);
      return this.#login(call);
    }
    if (typeof authorization !== 'string' || !/^TOKEN \S+$/.test(authorization)) {
      return this.#violation(request, ['the header Authorization: TOKEN <token> is missing']);
    }
    if (this.#expired || authorization !== `TOKEN ${this.#token}`) return json(401, { detail: 'Invalid token.' });

    const outcome = this.#state.apply(call);
    if ('problem' in outcome) return this.#violation(request, [outcome.problem]);
    this.#accept(call);
    switch (call.name) {
      case 'records':
        return json(201, { created: call.records.length });
      case 'global-metadata':
        return json(201, { table_name: call.table });
      case 'dataset':
        return json(201, outcome.run.dataset);
      default:
        return json(200, { detail: 'done' });
    }
  }

  #login(call: Extract<BackendCall, { name: 'token' }>): Answer {
    if (call.username !== this.#username || call.password !== this.#password) {
      return json(400, { non_field_errors: ['Unable to log in with provided credentials.'] });
    }
    if (this.#expired) this.rotateToken(`fake-token-${++this.#tokens}`);
    this.#accept(call);
    return json(200, { token: this.#token });
  }

  #accept(call: BackendCall): void {
    this.calls.push(call);
    this.#options.observe?.({ call });
  }

  #violation({ method, url }: RawRequest, problems: string[]): Answer {
    const violation = { request: `${method} ${url}`, problems };
    this.violations.push(violation);
    this.#options.observe?.({ violation });
    return json(400, { detail: problems });
  }
}

function faultAnswer({ status, body, contentType }: Fault): Answer | undefined {
  if (status === undefined && body === undefined) return undefined;
  const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  return { status: status ?? 200, body: body ?? '{}', headers };
}

const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });
