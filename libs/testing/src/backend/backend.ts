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

/** A request with the status that it was answered with; 0 while, or because, it has no answer. */
export type BackendRequest = RawRequest & { status: number };

/** A request that the real backend does not know in this form, or not at this point. */
export interface Violation {
  /** `METHOD /path/?query`. */
  request: string;
  problems: string[];
}

export interface FakeBackendOptions {
  /** The token that is accepted, and that a login is given. */
  token?: string;
  username?: string;
  password?: string;
  /** Speaks https with this certificate, or one made for the occasion. */
  tls?: boolean | Certificate;
  /** A free port when absent. */
  port?: number;
  /** Told of each accepted call and of each violation, as it happens. */
  observe?: (event: { call: BackendCall } | { violation: Violation }) => void;
}

interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/** Starts a backend on the loopback interface that speaks the documented calls and remembers them. */
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
 * A real HTTP server in the backend's place. A request of the wrong shape, or out of the documented order, is answered
 * with 400 and kept in `violations`; a wrong token or wrong credentials are an ordinary 401 or 400 and no violation.
 */
export class FakeBackend {
  /** Without a slash at the end. */
  readonly url: string;
  /** Its own certificate, as PEM, with `tls`. */
  readonly ca: string | undefined;
  /** Every request, whatever became of it. */
  readonly requests: BackendRequest[] = [];
  /** The accepted calls, in order, repeats included. */
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

  /** The server listens already. */
  constructor(server: Server, options: FakeBackendOptions, ca: string | undefined) {
    this.url = `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.ca = ca;
    this.#server = server;
    this.#options = options;
    this.#token = options.token ?? 'fake-token-1';
    this.#username = options.username ?? 'fake-client';
    this.#password = options.password ?? 'fake-password';
    server.on('request', (request, response) => {
      // A client that goes away while its body is read leaves nothing to answer.
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** The token that is accepted now, or was until it expired. */
  get token(): string {
    return this.#token;
  }

  /** All runs, in order of their first batch. */
  get runs(): BackendRun[] {
    return this.#state.runs;
  }

  /** The newest run of each table. */
  get tables(): Record<string, BackendRun> {
    return this.#state.tables;
  }

  /** Makes the next requests that match go wrong. Faults are met in the order in which they were added. */
  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** From now on only this token is accepted; the present one gets 401. */
  rotateToken(token: string): void {
    this.#token = token;
    this.#expired = false;
  }

  /** From now on no token is accepted until a login is given a new one, or `rotateToken`. */
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
