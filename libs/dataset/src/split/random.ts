import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';

/** Bytes of one number: 48 bits are more than any choice here needs, and a double holds them. */
const BYTES = 6;
const ZEROS = Buffer.alloc(BYTES * 8192);

/**
 * Numbers drawn evenly from 0 to 1, without 1: the key stream of AES-256 in counter mode under a hash of the seed. The
 * same seed gives the same numbers on every machine.
 */
export class SeededRandom {
  readonly #cipher: Cipheriv;
  #block = Buffer.alloc(0);
  #at = 0;

  constructor(seed: number) {
    const key = createHash('sha256').update(String(seed)).digest();
    this.#cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  }

  next(): number {
    if (this.#at === this.#block.length) {
      this.#block = this.#cipher.update(ZEROS);
      this.#at = 0;
    }
    const number = this.#block.readUIntLE(this.#at, BYTES) / 2 ** (8 * BYTES);
    this.#at += BYTES;
    return number;
  }

  /** The items in random order (Fisher and Yates). */
  shuffle<T>(items: Iterable<T>): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(this.next() * (last + 1));
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}
