import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';
import { Pause } from '../pause.js';

/** Bytes of one number. 48 bits are enough for every choice here, and fit into a double. */
const BYTES = 6;
const ZEROS = Buffer.alloc(BYTES * 8192);

/**
 * Generates uniformly distributed numbers from the key stream of AES-256 in counter mode, with a hash of the seed as key. The
 * same seed generates the same numbers on every machine.
 */
export class SeededRandom {
  readonly #cipher: Cipheriv;
  #block = Buffer.alloc(0);
  #at = 0;

  constructor(seed: number) {
    const key = createHash('sha256').update(String(seed)).digest();
    this.#cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  next(): number {
    if (this.#at === this.#block.length) {
      this.#block = this.#cipher.update(ZEROS);
      this.#at = 0;
    }
    const number = this.#block.readUIntLE(this.#at, BYTES) / 2 ** (8 * BYTES);
    this.#at += BYTES;
    return number;
  }

  /** Returns the numbers from 0 to `count - 1` in random order (Fisher-Yates shuffle). */
  async shuffle(count: number): Promise<Uint32Array> {
    const order = new Uint32Array(count);
    for (let index = 0; index < count; index++) order[index] = index;
    const pause = new Pause();
    for (let last = count - 1; last > 0; last--) {
      if (pause.isDue) await pause.take();
      const other = Math.floor(this.next() * (last + 1));
      const moved = order[last]!;
      order[last] = order[other]!;
      order[other] = moved;
    }
    return order;
  }
}
