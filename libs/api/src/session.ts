import { InterruptedError, Secret, type Credentials } from '@tracebloc/ingestor-core';
import * as errors from './errors.js';
import { finishing } from './finish.js';
import { Redactor } from './redact.js';
import { parseRetryAfter, withRetries, type Attempt, type RetryNotice, type RetryPolicy } from './retry.js';
import { TokenSource } from './token.js';
import { Transport, TransportFailure, type Answer, type BackendRequest, type TransportOptions } from './http/transport.js';

export interface SessionOptions extends TransportOptions {
  credentials: Credentials;
  retry: RetryPolicy;
  onRetry?: (notice: RetryNotice) => void;
}

/** At the start nothing is lost by giving up, and a wrong address should not take minutes to come out. */
const SIGN_IN_BUDGET_MS = 30_000;

/** Calls with credentials: repeated where that can help, and turned into errors without secrets where it cannot. */
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
    // No documented call tells whether a token is good without changing something, and an undocumented one could mean
    // anything to the backend. So this shows only that the backend is there; the first call shows the token.
    const connect = () => this.#attempt('signing in', () => this.#transport.connect(signal));
    await withRetries(connect, policy, signal, this.#onRetry);
  }

  /** The answer, whose status is 2xx. Throws `IngestorError`. */
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

  /** The answer's body, for calls whose outcome is in it. */
  json(request: BackendRequest, answer: Answer): unknown {
    if (answer.isCut) throw errors.bodyTooLarge(nameOf(request), answer);
    try {
      return JSON.parse(answer.body);
    } catch {
      // Without the parser's error as cause, since that quotes the body.
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

  /** Any answer that is neither 5xx nor 429. */
  #send(request: BackendRequest, token: Secret | undefined, policy: RetryPolicy, signal: AbortSignal): Promise<Answer> {
    const call = nameOf(request);
    const authorization = token && `TOKEN ${token.reveal()}`;
    // A request that is out may have been acted on: its answer is worth a moment. A login is not.
    const finishMs = token ? this.#finishMs : 0;
    const exchange = () =>
      finishing(signal, finishMs, (late) => this.#transport.exchange(request, authorization, late));
    const send = async (): Promise<Attempt<Answer>> => {
      if (signal.aborted) throw new InterruptedError();
      const outcome = await this.#attempt(call, exchange);
      if (!('value' in outcome)) return outcome;
      const answer = outcome.value;
      if (answer.status < 500 && answer.status !== 429) return outcome;
      const retryAfterMs = parseRetryAfter(answer.retryAfter, Date.now());
      const text = this.#redactor.excerpt(answer.body);
      return {
        failed: (failures) => errors.unavailable(call, answer, text, failures, retryAfterMs),
        reason: `HTTP ${answer.status}`,
        retryAfterMs,
      };
    };
    return withRetries(send, policy, signal, this.#onRetry);
  }

  async #attempt<T>(what: string, action: () => Promise<T>): Promise<Attempt<T>> {
    try {
      return { value: await action() };
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      if (error.kind === 'tls') throw errors.untrusted(this.#address, error);
      if (error.kind === 'headers') throw errors.headersTooLarge(what, error);
      return { failed: (failures) => errors.unreachable(this.#address, what, error, failures), reason: error.code };
    }
  }

  #expectSuccess(request: BackendRequest, answer: Answer): void {
    if (answer.status >= 200 && answer.status < 300) {
      // A page where an API answer belongs comes from something before the backend, which then never saw the call.
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
