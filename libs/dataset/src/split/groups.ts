import { hash } from 'node:crypto';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';

/** The most groups, of about 50 bytes each. A column with more probably has a different value in each row. */
const MAX_GROUPS = 20_000_000;
const INITIAL_SLOTS = 1 << 12;
const MAX_LOAD = 0.75;

/**
 * Counts the rows of each group by class. It keeps a fingerprint of 64 bits instead of each group's name. Two names with the
 * same fingerprint would be one group, which only keeps more rows together. Groups are numbered from 0 in the order of their
 * first rows. The counts of a group are a list of entries, one per class.
 */
export class Groups {
  #count = 0;
  #high = new Uint32Array(INITIAL_SLOTS);
  #low = new Uint32Array(INITIAL_SLOTS);
  /** The last entry of each group plus 1, or 0 for none. */
  #last = new Uint32Array(INITIAL_SLOTS);
  readonly #byName = new Slots((group) => this.#low[group]!);

  #entries = 0;
  #classes = new Uint16Array(INITIAL_SLOTS);
  #rows = new Uint32Array(INITIAL_SLOTS);
  /** The group of each entry, and the next entry of the same group. The last entry is followed by the first. */
  #owner = new Uint32Array(INITIAL_SLOTS);
  #after = new Uint32Array(INITIAL_SLOTS);
  readonly #byClass = new Slots((entry) => mix(this.#owner[entry]!, this.#classes[entry]!));

  /** `column` is the name that errors show. */
  constructor(
    private readonly column: string,
    private readonly most = MAX_GROUPS,
  ) {}

  get count(): number {
    return this.#count;
  }

  /** Counts a row. Throws an `IngestorError` if there are too many groups. */
  add(name: string, classIndex: number): void {
    const group = this.#numberOf(name);
    // Most groups have only one class.
    const last = this.#last[group]! - 1;
    if (last !== -1 && this.#classes[last] === classIndex) {
      this.#rows[last]!++;
      return;
    }
    const found = this.#byClass.find(
      mix(group, classIndex),
      (entry) => this.#owner[entry] === group && this.#classes[entry] === classIndex,
    );
    const entry = found ?? this.#newEntry(group, classIndex);
    this.#rows[entry]!++;
  }

  /** Returns the number of a group, or `undefined` if it was not added. */
  find(name: string): number | undefined {
    const [high, low] = fingerprint(name);
    return this.#byName.find(low, (group) => this.#low[group] === low && this.#high[group] === high);
  }

  /** Returns the first entry of a group. */
  first(group: number): number {
    return this.#after[this.#last[group]! - 1]!;
  }

  /** Returns the entry after another of the same group, or -1 at the end. */
  next(entry: number): number {
    return entry === this.#last[this.#owner[entry]!]! - 1 ? -1 : this.#after[entry]!;
  }

  classOf(entry: number): number {
    return this.#classes[entry]!;
  }

  rowsOf(entry: number): number {
    return this.#rows[entry]!;
  }

  #numberOf(name: string): number {
    const [high, low] = fingerprint(name);
    const found = this.#byName.find(low, (group) => this.#low[group] === low && this.#high[group] === high);
    if (found !== undefined) return found;
    if (this.#count === this.most) throw tooMany(this.column, this.most);
    const group = this.#count++;
    if (group === this.#high.length) {
      [this.#high, this.#low, this.#last] = [enlarged(this.#high), enlarged(this.#low), enlarged(this.#last)];
    }
    this.#high[group] = high;
    this.#low[group] = low;
    this.#byName.add(group);
    return group;
  }

  #newEntry(group: number, classIndex: number): number {
    const entry = this.#entries++;
    if (entry === this.#rows.length) {
      const classes = new Uint16Array(Math.ceil(1.5 * entry));
      classes.set(this.#classes);
      this.#classes = classes;
      [this.#rows, this.#owner, this.#after] = [enlarged(this.#rows), enlarged(this.#owner), enlarged(this.#after)];
    }
    this.#classes[entry] = classIndex;
    this.#owner[entry] = group;
    const last = this.#last[group]! - 1;
    this.#after[entry] = last === -1 ? entry : this.#after[last]!;
    if (last !== -1) this.#after[last] = entry;
    this.#last[group] = entry + 1;
    this.#byClass.add(entry);
    return entry;
  }
}

/**
 * A hash table with open addressing, whose items are the numbers from 0. `hashOf` returns 32 bits; it is called again for
 * each item when the table grows.
 */
class Slots {
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

function enlarged(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
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

/** A hash of a group and a class. */
function mix(group: number, classIndex: number): number {
  let mixed = Math.imul(group, 0x9e3779b1) ^ Math.imul(classIndex + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function tooMany(column: string, most: number): IngestorError {
  return DATASET_ERRORS.make('too-many-groups', {
    message: `The column ${column} has more than ${most.toLocaleString('en-US')} distinct values, which is too many for groups.`,
    fix: 'Group by a column whose values several rows share, or split at random, without --group-by.',
  });
}
