import { Secret, type Credentials } from '@tracebloc/ingestor-core';
import { badToken } from './errors.js';
import type { Redactor } from './redact.js';

/** Signs in with a username and password and returns the token. */
export type Login = (username: string, password: Secret, signal: AbortSignal) => Promise<Secret>;

/** Holds the current token, which is configured or comes from a login when it is first needed. */
export class TokenSource {
  readonly #credentials: Credentials;
  readonly #login: Login;
  readonly #redactor: Redactor;
  #token: Secret | undefined;

  constructor(credentials: Credentials, login: Login, redactor: Redactor) {
    this.#credentials = credentials;
    this.#login = login;
    this.#redactor = redactor;
    if (credentials.kind === 'token') {
      this.accept(credentials.token);
    } else {
      redactor.add(credentials.username);
      redactor.add(credentials.password.reveal());
    }
  }

  async get(signal: AbortSignal): Promise<Secret> {
    return this.#token ?? this.renew(undefined, signal);
  }

  /** Replaces the refused token, unless another call has replaced it meanwhile. */
  async renew(refused: Secret | undefined, signal: AbortSignal): Promise<Secret> {
    if (this.#token && this.#token !== refused) return this.#token;
    const credentials = this.#credentials;
    return this.accept(
      credentials.kind === 'token'
        ? credentials.reread()
        : await this.#login(credentials.username, credentials.password, signal),
    );
  }

  /** Makes this the current token. Throws if an HTTP header cannot carry it. */
  accept(token: Secret): Secret {
    // A header with another character would fail later, as if the network were at fault.
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) throw badToken();
    this.#redactor.add(token.reveal());
    this.#token = token;
    return token;
  }
}
