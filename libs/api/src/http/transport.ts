import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { InterruptedError } from '@tracebloc/ingestor-core';
import got, { TimeoutError, type Got } from 'got';
import { agentsFor, type Agents } from './proxy.js';
import { ACCEPTED_ENCODINGS, readBody } from './answer-body.js';

/** In milliseconds. */
export interface Timeouts {
  /** For each of: finding the address, the connection, the TLS handshake. */
  connectMs: number;
  /** For each of: sending the request, the answer's beginning after that, and the answer's body. */
  responseMs: number;
  /** For the answer to a request that is out when the run is told to stop: it tells whether the backend has acted. */
  finishMs: number;
}

export interface TransportOptions {
  /** Ends with a slash. */
  base: URL;
  timeouts: Timeouts;
  userAgent: string;
  /** PEM; trusted beside what Node trusts. */
  ca?: string;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked for. */
  proxyEnv: Readonly<Record<string, string | undefined>>;
}

export interface BackendRequest {
  method: 'GET' | 'POST';
  /** Below the base, without a leading slash, encoded. */
  path: string;
  query?: Record<string, string>;
  /** JSON. */
  body?: string;
}

export interface Answer {
  status: number;
  contentType: string;
  location?: string;
  retryAfter?: string;
  /** Its beginning, where `isCut`. */
  body: string;
  /** True when the body is longer than what is read of one. */
  isCut: boolean;
}

/** No answer came, or none that is read. It carries nothing of the request, whose headers hold the token. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    /** `tls` and `headers` (more than are read) do not go away by themselves; the others may. */
    readonly kind: 'connection' | 'timeout' | 'tls' | 'headers',
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const TLS_CODES =
  /^(EPROTO$|ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE)/;

/** How much of an answer's headers is read, in bytes; Node's own default, which a command line could change. */
export const HEADER_BYTES = 16 * 1024;

/** One exchange over HTTP: no retries, no redirects, any status is an answer. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #ca: string[] | undefined;
  readonly #agents: Agents;
  readonly #got: Got;

  constructor(options: TransportOptions) {
    this.#options = options;
    const { connectMs, responseMs } = options.timeouts;
    this.#ca = options.ca === undefined ? undefined : [...getCACertificates(), options.ca];
    this.#agents = agentsFor(options.base, options.proxyEnv, connectMs);
    this.#got = got.extend({
      agent: this.#agents,
      headers: { 'user-agent': options.userAgent, accept: 'application/json', 'accept-encoding': ACCEPTED_ENCODINGS },
      // got has no limit on what it reads and decompresses; `readBody` has.
      decompress: false,
      maxHeaderSize: HEADER_BYTES,
      throwHttpErrors: false,
      followRedirect: false,
      retry: { limit: 0 },
      timeout: {
        ...{ lookup: connectMs, connect: connectMs, secureConnect: connectMs },
        ...{ send: responseMs, response: responseMs, read: responseMs },
      },
      // Said, since NODE_TLS_REJECT_UNAUTHORIZED would turn it off.
      https: { certificateAuthority: this.#ca, rejectUnauthorized: true },
    });
  }

  /** Throws `TransportFailure`, or `InterruptedError` when the signal aborts. */
  async exchange(request: BackendRequest, authorization: string | undefined, signal: AbortSignal): Promise<Answer> {
    const { method, path, query, body } = request;
    const url = new URL(path, this.#options.base);
    url.search = new URLSearchParams(query).toString();
    try {
      const stream = this.#got.stream(url, {
        method,
        body,
        headers: { 'content-type': body === undefined ? undefined : 'application/json', authorization },
        signal,
      });
      // Nobody else looks at one, and nothing would come after it.
      stream.once('upgrade', (_answer: unknown, socket: Socket) => {
        socket.destroy();
        stream.destroy(Object.assign(new Error('another protocol'), { code: 'ERR_UPGRADE' }));
      });
      const { text, isCut } = await readBody(stream, () => stream.response!.headers['content-encoding']);
      const { statusCode, headers } = stream.response!;
      return {
        status: statusCode,
        contentType: headers['content-type'] ?? '',
        location: headers.location,
        retryAfter: headers['retry-after'],
        body: text,
        isCut,
      };
    } catch (error) {
      throw signal.aborted ? new InterruptedError() : failureOf(error);
    }
  }

  /** Opens a connection, with the TLS handshake where there is one, and closes it. Throws like `exchange`. */
  async connect(signal: AbortSignal): Promise<void> {
    const { base, timeouts } = this.#options;
    const isSecure = base.protocol === 'https:';
    const deadline = AbortSignal.timeout(timeouts.connectMs);
    // Of a request nothing is sent before its end, which here never comes.
    const request = isSecure
      ? requestHttps(base, { agent: this.#agents.https, ca: this.#ca, rejectUnauthorized: true })
      : requestHttp(base, { agent: this.#agents.http });
    // Whatever fails, at any moment, is told by what is waited for.
    request.on('error', () => undefined);
    try {
      const either = { signal: AbortSignal.any([signal, deadline]) };
      const [socket] = (await once(request, 'socket', either)) as [Socket];
      // Through a proxy's tunnel, the handshake is over by now.
      if (socket.connecting) await once(socket, isSecure ? 'secureConnect' : 'connect', either);
    } catch (error) {
      if (signal.aborted) throw new InterruptedError();
      throw deadline.aborted
        ? new TransportFailure('connection', 'ETIMEDOUT', `no connection within ${timeouts.connectMs} ms`)
        : failureOf(error);
    } finally {
      request.destroy();
    }
  }
}

function failureOf(error: unknown): TransportFailure {
  const { message, code = 'unknown' } = error as NodeJS.ErrnoException;
  const late = error instanceof TimeoutError && ['send', 'response', 'read'].includes(error.event);
  const kind = late ? 'timeout' : kindOf(code);
  return new TransportFailure(kind, code, message);
}

function kindOf(code: string): TransportFailure['kind'] {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers';
  return TLS_CODES.test(code) ? 'tls' : 'connection';
}
