import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { InterruptedError } from '@tracebloc/ingestor-core';
import got, { TimeoutError, type Got } from 'got';
import { agentsFor, type Agents } from './proxy.js';
import { ACCEPTED_ENCODINGS, readBody } from './answer-body.js';

/** All times are in milliseconds. */
export interface Timeouts {
  /** The limit for each of the name lookup, the connection and the TLS handshake. */
  connectMs: number;
  /** The limit for each of sending the request, waiting for the answer to begin, and reading its body. */
  responseMs: number;
  /** After an abort, the answer to a request that was sent is still awaited for this time: it shows whether the backend acted. */
  finishMs: number;
}

export interface TransportOptions {
  /** The address of the backend, which ends with a slash. */
  base: URL;
  timeouts: Timeouts;
  userAgent: string;
  /** PEM certificates to trust in addition to those of Node. */
  ca?: string;
  /** The environment variables, of which HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. */
  proxyEnv: Readonly<Record<string, string | undefined>>;
}

export interface BackendRequest {
  method: 'GET' | 'POST';
  /** The encoded path below the base, without a leading slash. */
  path: string;
  query?: Record<string, string>;
  /** JSON text. */
  body?: string;
}

export interface Answer {
  status: number;
  contentType: string;
  location?: string;
  retryAfter?: string;
  /** The text of the body, or its beginning if `isCut`. */
  body: string;
  /** The body is longer than the limit, and the rest was not read. */
  isCut: boolean;
}

/** A request without a usable answer. It has no reference to the request, whose headers contain the token. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    /** `tls` and `headers` (too many of them) are permanent, the others transient. */
    readonly kind: 'connection' | 'timeout' | 'tls' | 'headers',
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const TLS_CODES =
  /^(EPROTO$|ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE)/;

/** The most bytes of an answer's headers. This is Node's default, which a command-line option of Node could change. */
export const HEADER_BYTES = 16 * 1024;

/** Makes single exchanges over HTTP, without retries and redirects. An answer may have any status. */
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
      // got has no limit on what it reads and decompresses, so `readBody` does both.
      decompress: false,
      maxHeaderSize: HEADER_BYTES,
      throwHttpErrors: false,
      followRedirect: false,
      retry: { limit: 0 },
      timeout: {
        ...{ lookup: connectMs, connect: connectMs, secureConnect: connectMs },
        ...{ send: responseMs, response: responseMs, read: responseMs },
      },
      // Without this line NODE_TLS_REJECT_UNAUTHORIZED could turn the check off.
      https: { certificateAuthority: this.#ca, rejectUnauthorized: true },
    });
  }

  /** Throws a `TransportError`, or an `InterruptedError` after an abort. */
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
      // Nothing else handles an upgrade, and no answer would follow it.
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
      throw signal.aborted ? new InterruptedError() : toTransportError(error);
    }
  }

  /** Opens a connection, with a TLS handshake for https, and closes it. Throws as `exchange` does. */
  async connect(signal: AbortSignal): Promise<void> {
    const { base, timeouts } = this.#options;
    const isSecure = base.protocol === 'https:';
    const deadline = AbortSignal.timeout(timeouts.connectMs);
    // Node sends nothing of a request before `end`, which is never called here.
    const request = isSecure
      ? requestHttps(base, { agent: this.#agents.https, ca: this.#ca, rejectUnauthorized: true })
      : requestHttp(base, { agent: this.#agents.http });
    // Every failure also rejects the promises below.
    request.on('error', () => undefined);
    try {
      const either = { signal: AbortSignal.any([signal, deadline]) };
      const [socket] = (await once(request, 'socket', either)) as [Socket];
      // In the tunnel of a proxy the handshake is done already.
      if (socket.connecting) await once(socket, isSecure ? 'secureConnect' : 'connect', either);
    } catch (error) {
      if (signal.aborted) throw new InterruptedError();
      throw deadline.aborted
        ? new TransportError('connection', 'ETIMEDOUT', `no connection within ${timeouts.connectMs} ms`)
        : toTransportError(error);
    } finally {
      request.destroy();
    }
  }
}

function toTransportError(error: unknown): TransportError {
  const { message, code = 'unknown' } = error as NodeJS.ErrnoException;
  const late = error instanceof TimeoutError && ['send', 'response', 'read'].includes(error.event);
  const kind = late ? 'timeout' : kindOf(code);
  return new TransportError(kind, code, message);
}

function kindOf(code: string): TransportError['kind'] {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers';
  return TLS_CODES.test(code) ? 'tls' : 'connection';
}
