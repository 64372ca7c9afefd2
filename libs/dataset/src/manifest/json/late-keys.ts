/** The most late keys; a table has far fewer columns. */
const MAX_KEYS = 200_000;

/** Collects keys of JSON records that the first record does not have. */
export class LateKeyCollector {
  readonly #found = new Set<string>();
  /** The wanted columns that have not been found, without regard to case. `undefined` if all are wanted. */
  readonly #missing: Set<string> | undefined;

  constructor(wanted: readonly string[] | 'all') {
    this.#missing = wanted === 'all' ? undefined : new Set(wanted.map(fold));
  }

  /** The keys, in the order in which they first occurred. */
  get found(): string[] {
    return [...this.#found];
  }

  /** Whether no further key is wanted. */
  get isComplete(): boolean {
    return this.#missing?.size === 0 || this.#found.size === MAX_KEYS;
  }

  /** Is given the keys of the first record. */
  addFirst(keys: readonly string[]): void {
    for (const key of keys) this.#missing?.delete(fold(key));
  }

  /** Returns whether the key is wanted. */
  readonly accept = (key: string): boolean => {
    if (this.#found.has(key)) return true;
    if (this.isComplete || (this.#missing && !this.#missing.delete(fold(key)))) return false;
    // It must be a copy: a substring would keep a piece of the file in memory.
    this.#found.add(Buffer.from(key).toString());
    return true;
  };
}

const fold = (name: string): string => name.trim().toLowerCase();
