/** Numbers in a typed array that grows. */
export class Numbers {
  length = 0;
  #values = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
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

  /** @param groupOf Returns the group of a member, or -1 for none. */
  constructor(groups: number, members: number, groupOf: (member: number) => number) {
    this.#starts = new Uint32Array(groups + 1);
    for (let member = 0; member < members; member++) {
      const group = groupOf(member);
      if (group >= 0) this.#starts[group + 1]!++;
    }
    for (let group = 0; group < groups; group++) this.#starts[group + 1]! += this.#starts[group]!;
    this.#members = new Uint32Array(this.#starts[groups]!);
    const next = this.#starts.slice();
    for (let member = 0; member < members; member++) {
      const group = groupOf(member);
      if (group >= 0) this.#members[next[group]!++] = member;
    }
  }

  /** Returns the members of a group, in order. */
  of(group: number): Uint32Array {
    return this.#members.subarray(this.#starts[group], this.#starts[group + 1]);
  }
}
