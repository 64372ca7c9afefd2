import { InterruptedError, Secret, type Credentials } from '@tracebloc/ingestor-core';
import * as errors from './errors.js';
import { Redactor } from './redact.js';
import { parseRetryAfter, retryTransient, type Attempt, type RetryNotice, type RetryPolicy } from './retry.js';
import { TokenSource } from './token.js';
import {
  Transport,
  TransportError,
  type Answer,
  type BackendRequest,
  type TransportOptions,
} from './http/transport.js';

export interface SessionOptions extends TransportOptions {
  credentials: Credentials;
  retry: RetryPolicy;
  onRetry?: (notice: RetryNotice) => void;
}

/** The sign-in fails sooner than other calls: nothing is lost yet, and the user soon learns of a wrong address. */
const SIGN_IN_BUDGET_MS = 30_000;

/** Makes calls with credentials. It repeats transient failures and turns permanent ones into errors without secrets. */
export class Session {
  readonly #address: string;
  readonly #credentials: Credentials;
  readonly #retry: RetryPolicy;
  readonly #onRetry: SessionOptions['onRetry'];
  readonly #redactor = new Redactor();
  readonly #finishMs: number;
  readonly #transport: Transport;
  readonly #tokens: TokenSource;

  constructor({ credentials, retry, onRetry, ...transport }: SessionOptions) {
    this.#address = transport.base.href.replace(/\/$/, '');
    this.#credentials = credentials;
    this.#retry = retry;
    this.#onRetry = onRetry;
    this.#finishMs = transport.timeouts.finishMs;
    this.#transport = new Transport(transport);
    this.#tokens = new TokenSource(
      credentials,
      (username, password, signal) => this.#login(username, password, this.#retry, signal),
      this.#redactor,
    );
  }

  async signIn(signal: AbortSignal): Promise<void> {
    const credentials = this.#credentials;
    const policy = { ...this.#retry, budgetMs: Math.min(this.#retry.budgetMs, SIGN_IN_BUDGET_MS) };
    if (credentials.kind === 'login') {
      this.#tokens.accept(await this.#login(credentials.username, credentials.password, policy, signal));
      return;
    }
    // Every documented call with a token changes something, and the effect of an undocumented call is unknown. So this
    // shows only that the backend can be reached; the first call shows whether it accepts the token.
    const connect = () => this.#attempt('signing in', () => this.#transport.connect(signal));
    await retryTransient(connect, policy, signal, this.#onRetry);
  }

  /** Returns an answer with status 2xx. Throws an `IngestorError`; after an abort it is an `InterruptedError`. */
  async call(request: BackendRequest, signal: AbortSignal): Promise<Answer> {
    const token = await this.#tokens.get(signal);
    let answer = await this.#send(request, token, this.#retry, signal);
    if (answer.status === 401) {
      answer = await this.#send(request, await this.#tokens.renew(token, signal), this.#retry, signal);
      if (answer.status === 401)
        throw errors.unauthorized(nameOf(request), answer, this.#redactor.excerpt(answer.body));
    }
    this.#expectSuccess(request, answer);
    return answer;
  }

  /** Parses the body of the answer, for calls whose outcome is in the body. */
  json(request: BackendRequest, answer: Answer): unknown {
    if (answer.isCut) throw errors.bodyTooLarge(nameOf(request), answer);
    try {
      return JSON.parse(answer.body);
    } catch {
      // The parser's error is not the cause, since it quotes the body.
      throw errors.notJson(nameOf(request), answer, this.#redactor.excerpt(answer.contentType));
    }
  }

  async #login(username: string, password: Secret, policy: RetryPolicy, signal: AbortSignal): Promise<Secret> {
    const body = JSON.stringify({ username, password: password.reveal() });
    const request: BackendRequest = { method: 'POST', path: 'api-token-auth/', body };
    const answer = await this.#send(request, undefined, policy, signal);
    if ([400, 401, 403].includes(answer.status)) throw errors.loginRefused(this.#address, answer);
    this.#expectSuccess(request, answer);
    const content = this.json(request, answer) as { token?: unknown } | null;
    if (typeof content?.token !== 'string') throw errors.noToken(nameOf(request));
    return new Secret(content.token);
  }

  /** Returns the first answer whose status is neither 5xx nor 429. */
  #send(request: BackendRequest, token: Secret | undefined, policy: RetryPolicy, signal: AbortSignal): Promise<Answer> {
    const call = nameOf(request);
    const authorization = token && `TOKEN ${token.reveal()}`;
    // The backend may have acted on a request that was sent, so an abort waits for its answer. A login changes nothing.
    const finishMs = token ? this.#finishMs : 0;
    const exchange = () =>
      withDelayedAbort(signal, finishMs, (late) => this.#transport.exchange(request, authorization, late));
    const send = async (): Promise<Attempt<Answer>> => {
      if (signal.aborted) throw new InterruptedError();
      const outcome = await this.#attempt(call, exchange);
      if (!('value' in outcome)) return outcome;
      const answer = outcome.value;
      if (answer.status < 500 && answer.status !== 429) return outcome;
      const retryAfterMs = parseRetryAfter(answer.retryAfter, Date.now());
      const text = this.#redactor.excerpt(answer.body);
      return {
        toError: (failures) => errors.unavailable(call, answer, text, failures, retryAfterMs),
        reason: `HTTP ${answer.status}`,
        retryAfterMs,
      };
    };
    return retryTransient(send, policy, signal, this.#onRetry);
  }

  async #attempt<T>(what: string, action: () => Promise<T>): Promise<Attempt<T>> {
    try {
      return { value: await action() };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (error.kind === 'tls') throw errors.untrusted(this.#address, error);
      if (error.kind === 'headers') throw errors.headersTooLarge(what, error);
      return { toError: (failures) => errors.unanswered(this.#address, what, error, failures), reason: error.code };
    }
  }

  #expectSuccess(request: BackendRequest, answer: Answer): void {
    if (answer.status >= 200 && answer.status < 300) {
      // An HTML page comes from a proxy before the backend, and the backend has not received the call.
      if (/^text\/html\b/i.test(answer.contentType)) {
        throw errors.notJson(nameOf(request), answer, this.#redactor.excerpt(answer.contentType));
      }
      return;
    }
    if (answer.status >= 300 && answer.status < 400) {
      const target = URL.parse(answer.location ?? '', this.#address)?.origin ?? 'an address that cannot be read';
      throw errors.redirected(nameOf(request), answer, this.#redactor.clean(target));
    }
    throw errors.refused(nameOf(request), answer, this.#redactor.excerpt(answer.body));
  }
}

const nameOf = ({ method, path }: BackendRequest) => `${method} /${path}`;

/** Runs the work with a signal that aborts `ms` after the given one, so that the work can finish within that time. */
async function withDelayedAbort<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const delayed = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => delayed.abort(), ms);
  };
  signal.addEventListener('abort', begin, { once: true });
  try {
    return await work(delayed.signal);
  } finally {
    signal.removeEventListener('abort', begin);
    clearTimeout(timer);
  }
}
