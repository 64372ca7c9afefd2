import { inspect } from 'node:util';
import { Mask, MASK } from './mask.js';

/** Holds all secrets that this process has been given. */
const mask = new Mask();

/** Returns the text with a mask in the place of every value that a `Secret` was made of. */
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
