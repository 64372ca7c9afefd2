import { hash } from 'node:crypto';

const INITIAL_SLOTS = 1 << 12;
const MAX_LOAD = 0.75;

/**
 * Numbers names from 0 in the order in which they are added. It keeps a fingerprint of 64 bits (of sha1) instead of each name, so
 * that a name costs 12 to 20 bytes, whatever its length. Among n names the chance that two have one number is about n²/2^65.
 */
export class NameNumbers {
  #count = 0;
  #high = new Uint32Array(INITIAL_SLOTS);
  #low = new Uint32Array(INITIAL_SLOTS);
  readonly #slots = new Slots((number) => this.#low[number]!);

  get count(): number {
    return this.#count;
  }

  /** Returns the number of a name, or `undefined` if it was not added. */
  find(name: string): number | undefined {
    return this.#find(...fingerprint(name));
  }

  /** Returns the number of a name, which is added if it is new. Returns `undefined` if there are already `most` others. */
  numberOf(name: string, most: number): number | undefined {
    return this.numberOfFingerprint(...fingerprint(name), most);
  }

  /** Does the same for a name that another process has seen. */
  numberOfFingerprint(high: number, low: number, most: number): number | undefined {
    const found = this.#find(high, low);
    if (found !== undefined) return found;
    if (this.#count >= most) return undefined;
    const number = this.#count++;
    if (number === this.#high.length) [this.#high, this.#low] = [enlarged(this.#high), enlarged(this.#low)];
    this.#high[number] = high;
    this.#low[number] = low;
    this.#slots.add(number);
    return number;
  }

  /** Returns what `numberOfFingerprint` of another process needs instead of the name. */
  fingerprintOf(number: number): [high: number, low: number] {
    return [this.#high[number]!, this.#low[number]!];
  }

  #find(high: number, low: number): number | undefined {
    return this.#slots.find(low, (number) => this.#low[number] === low && this.#high[number] === high);
  }
}

/**
 * A hash table with open addressing, whose items are the numbers from 0. `hashOf` returns 32 bits; it is called again for
 * each item when the table grows.
 */
export class Slots {
  #size = 0;
  /** The item plus 1, or 0 for a free slot. */
  #slots = new Uint32Array(INITIAL_SLOTS);

  constructor(private readonly hashOf: (item: number) => number) {}

  find(hashed: number, isEqual: (item: number) => boolean): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = hashed & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (isEqual(this.#slots[slot]! - 1)) return this.#slots[slot]! - 1;
    }
    return undefined;
  }

  /** Adds the next number, which must be greater by 1 than the last. */
  add(item: number): void {
    if (++this.#size > this.#slots.length * MAX_LOAD) {
      this.#slots = new Uint32Array(2 * this.#slots.length);
      for (let other = 0; other < item; other++) this.#place(other);
    }
    this.#place(item);
  }

  #place(item: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.hashOf(item) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = item + 1;
  }
}

export function enlarged(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.ceil(1.5 * array.length));
  larger.set(array);
  return larger;
}

function fingerprint(name: string): [high: number, low: number] {
  // A string of bytes costs half of what a buffer does.
  const digest = hash('sha1', name, 'binary');
  return [word(digest, 0), word(digest, 4)];
}

function word(bytes: string, at: number): number {
  const code = (index: number) => bytes.charCodeAt(at + index);
  return (code(0) | (code(1) << 8) | (code(2) << 16) | (code(3) << 24)) >>> 0;
}
