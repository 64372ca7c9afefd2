import { inspect } from 'node:util';

const MASK = '********';

/** A credential. Prints as a mask wherever it is printed, logged, inspected or serialised; `reveal` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** What a run shows the backend. */
export type Credentials =
  /** `reread` gives the token's present value, since it may be rotated while a run lasts. */
  { kind: 'token'; token: Secret; reread: () => Secret } | { kind: 'login'; username: string; password: Secret };
