/** The numbers in a part of the memory that `Numbers` takes. */
const PART = 1 << 16;

/** Numbers in typed arrays: as many as are pushed, without room for more. */
export class Numbers {
  length = 0;
  readonly #parts: (Float64Array | Uint32Array)[] = [];

  /** @param type What the numbers are: `Uint32Array` for whole numbers from 0 to 2^32 - 1. */
  constructor(private readonly type: typeof Float64Array | typeof Uint32Array) {}

  push(value: number): void {
    const at = this.length % PART;
    if (at === 0) this.#parts.push(new this.type(PART));
    this.#parts[this.#parts.length - 1]![at] = value;
    this.length++;
  }

  at(index: number): number {
    return this.#parts[Math.floor(index / PART)]![index % PART]!;
  }
}

/** Gives ids that may be numbers or texts a number each. `7` and `"7"` are the same id. */
export class Ids {
  readonly #texts = new Map<string, number>();

  /** Returns the number of an id, or `undefined` for what is not an id. */
  numberOf(id: unknown): number | undefined {
    if (typeof id === 'number') return id;
    if (typeof id !== 'string' || id === '') return undefined;
    if (String(Number(id)) === id) return Number(id);
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    // Files have no such numbers, which are not integers and negative.
    const own = -this.#texts.size - 0.5;
    this.#texts.set(id, own);
    return own;
  }
}

/** The members of groups, in typed arrays. */
export class Groups {
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;

  /** @param groupOf The group of each member, or -1 for none. */
  constructor(groups: number, groupOf: Int32Array) {
    this.#starts = new Uint32Array(groups + 1);
    for (const group of groupOf) if (group >= 0) this.#starts[group + 1]!++;
    for (let group = 0; group < groups; group++) this.#starts[group + 1]! += this.#starts[group]!;
    this.#members = new Uint32Array(this.#starts[groups]!);
    const next = this.#starts.slice();
    for (let member = 0; member < groupOf.length; member++) {
      const group = groupOf[member]!;
      if (group >= 0) this.#members[next[group]!++] = member;
    }
  }

  /** Returns the members of a group, in order. */
  of(group: number): Uint32Array {
    return this.#members.subarray(this.#starts[group], this.#starts[group + 1]);
  }
}
