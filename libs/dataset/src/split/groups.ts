import type { IngestorError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import { NameNumbers, Slots, enlarged } from '../records/name-numbers.js';

/** The most groups, of about 50 bytes each. A column with more probably has a different value in each row. */
const MAX_GROUPS = 20_000_000;
const INITIAL_SLOTS = 1 << 12;

/**
 * Counts the rows of each group by class. It keeps a fingerprint of 64 bits instead of each group's name. Two names with the
 * same fingerprint would be one group, which only keeps more rows together. Groups are numbered from 0 in the order of their
 * first rows. The counts of a group are a list of entries, one per class.
 */
export class Groups {
  readonly #names = new NameNumbers();
  /** The last entry of each group plus 1, or 0 for none. */
  #last = new Uint32Array(INITIAL_SLOTS);

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
    return this.#names.count;
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
    return this.#names.find(name);
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
    const group = this.#names.numberOf(name, this.most);
    if (group === undefined) throw tooMany(this.column, this.most);
    if (group === this.#last.length) this.#last = enlarged(this.#last);
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
