import { inspect } from 'node:util';
import { Mask, MASK } from './mask.js';
import { shared } from './shared.js';

/** Holds all secrets that this process has been given. */
const mask = shared('mask', () => new Mask());

/** The text with a mask in place of each secret that a `Secret` has been made of. */
export function withoutSecrets(text: string): string {
  return mask.clean(text);
}

/** A credential. Prints as a mask wherever it is printed, logged, inspected or serialised; `reveal` gives the value. */
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
