import { deflateSync, inflateSync } from 'node:zlib';
import { NameNumbers } from './name-numbers.js';

/** The number of groups in a piece of memory. Pieces are never copied. */
const PIECE = 1 << 14;

/** What a shard passes on of its groups: their fingerprints and states, compressed. */
export type PartialGroupStates = { ids: string; states: string };

/**
 * Keeps a few numbers for each group of rows. A group costs 8 bytes for each number and some 20 bytes for its name, whatever the
 * length of the name. Groups are numbered from 0 in the order of their first rows.
 */
export class GroupStates {
  readonly #names = new NameNumbers();
  readonly #pieces: Float64Array[] = [];

  /** `width` is how many numbers there are for each group, and `most` how many groups. */
  constructor(
    private readonly width: number,
    private readonly most: number,
  ) {}

  get count(): number {
    return this.#names.count;
  }

  /** Returns the numbers of a group, to be changed. They are 0 for a new one. Returns `undefined` if there are too many groups. */
  stateOf(name: string): Float64Array | undefined {
    return this.#at(this.#names.numberOf(name, this.most));
  }

  /** Yields the numbers of all groups. */
  *[Symbol.iterator](): Generator<Float64Array, void> {
    for (let number = 0; number < this.count; number++) yield this.#at(number)!;
  }

  /** Returns what `merge` needs in another process, of at most `most` groups. */
  partial(most: number): PartialGroupStates {
    const size = Math.min(this.count, most);
    const ids = new Uint32Array(2 * size);
    // Numbers of one kind are next to each other, which compresses well.
    const states = new Float64Array(this.width * size);
    for (let number = 0; number < size; number++) {
      ids.set(this.#names.fingerprintOf(number), 2 * number);
      const state = this.#at(number)!;
      for (let field = 0; field < this.width; field++) states[field * size + number] = state[field]!;
    }
    return { ids: packed(ids), states: packed(states) };
  }

  /** Calls `join` with the numbers here, and those in the other process, of each of its groups. The latter are reused. */
  merge(part: PartialGroupStates, join: (state: Float64Array | undefined, other: Float64Array) => void): void {
    const ids = new Uint32Array(unpacked(part.ids));
    const states = new Float64Array(unpacked(part.states));
    const size = ids.length / 2;
    const other = new Float64Array(this.width);
    for (let index = 0; index < size; index++) {
      for (let field = 0; field < this.width; field++) other[field] = states[field * size + index]!;
      const number = this.#names.numberOfFingerprint(ids[2 * index]!, ids[2 * index + 1]!, this.most);
      join(this.#at(number), other);
    }
  }

  #at(number: number | undefined): Float64Array | undefined {
    if (number === undefined) return undefined;
    const piece = (this.#pieces[Math.floor(number / PIECE)] ??= new Float64Array(this.width * PIECE));
    const from = this.width * (number % PIECE);
    return piece.subarray(from, from + this.width);
  }
}

function packed({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): string {
  return deflateSync(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)).toString('base64');
}

/** Returns a copy whose beginning is aligned. */
function unpacked(text: string): ArrayBuffer {
  return new Uint8Array(inflateSync(Buffer.from(text, 'base64'))).buffer;
}
