import { hash } from 'node:crypto';
import { VALUES_LIMIT } from '@tracebloc/ingestor-contract';

/** Longer values are told apart by their hash, so that a few thousand of them take no memory to speak of. */
const MAX_KEPT = 64;

/** Counts distinct values up to a limit. */
export class DistinctValues {
  readonly #seen = new Set<string>();
  #hasHashes = false;
  /** Whether there are more than the limit. */
  hasMore = false;

  constructor(private readonly limit: number) {}

  get count(): number {
    return this.#seen.size;
  }

  /** The values, where they are few and short. */
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
    // A copy, since a part of a string keeps the whole in memory: here, a piece of the file.
    this.#seen.add(Buffer.from(key).toString());
  }
}
