import { inspect } from 'node:util';
import { Mask, MASK } from './mask.js';
import { shared } from './shared.js';

/** Holds all secrets that this process has been given. */
const mask = shared('mask', () => new Mask());

/** Returns the text with a mask instead of every value of a `Secret`. */
export function withoutSecrets(text: string): string {
  return mask.clean(text);
}

/** A credential. It prints as a mask wherever it is printed, logged, inspected or serialised; `reveal` returns its value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    mask.add(value);
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

/** What a run signs in to the backend with. `reread` returns the token's current value, since a token may be rotated. */
export type Credentials =
  { kind: 'token'; token: Secret; reread: () => Secret } | { kind: 'login'; username: string; password: Secret };

/** The environment variables whose values are never printed. `<NAME>_FILE` may name a file that holds the value instead. */
export const SECRET_VARIABLES = ['DB_PASSWORD', 'BACKEND_TOKEN', 'CLIENT_PASSWORD'] as const;
export type SecretVariable = (typeof SECRET_VARIABLES)[number];

export const fileVariable = (name: SecretVariable) => `${name}_FILE` as const;
