import { hash } from 'node:crypto';
import { VALUES_LIMIT } from '@tracebloc/ingestor-contract';

/** Values with more characters are compared by their hash, so that thousands of them need little memory. */
const MAX_KEPT = 64;

/** Counts distinct values up to a limit. */
export class DistinctValues {
  readonly #seen = new Set<string>();
  #hasHashes = false;
  /** Whether there are more values than the limit. */
  hasMore = false;

  constructor(private readonly limit: number) {}

  get count(): number {
    return this.#seen.size;
  }

  /** The values, or `undefined` if they are many or long. */
  get values(): string[] | undefined {
    return this.#hasHashes || this.count > VALUES_LIMIT ? undefined : [...this.#seen];
  }

  add(text: string): void {
    if (this.hasMore) return;
    const isLong = text.length > MAX_KEPT;
    const key = isLong ? hash('sha256', text, 'base64') : text;
    if (this.#seen.has(key)) return;
    if (this.count === this.limit) {
      this.hasMore = true;
      return;
    }
    this.#hasHashes ||= isLong;
    // It must be a copy: a substring would keep the whole string in memory, here a piece of the file.
    this.#seen.add(Buffer.from(key).toString());
  }
}
