import type { ReaderShard, ShardPosition } from './types.js';

/** The one process that reads all. */
export const OWN_ALL: ReaderShard = { index: 0, count: 1, rows: 'all' };

/**
 * Where a reading stands among the shards of its file. The bytes are divided evenly, and a row is its shard's in whose
 * share it ends: so every process, reading in pieces that end at the cuts, finds the same rows, whatever the format.
 */
export class ShardRange {
  /** Offsets at which the second and all further shares begin. */
  readonly cuts: readonly number[];
  #firstOwn = Infinity;
  #firstAfter = Infinity;

  constructor(
    private readonly shard: ReaderShard,
    /** Both in bytes. */
    private readonly source: { readonly size: number; readonly read: number },
  ) {
    const { count } = shard;
    this.cuts = Array.from({ length: count - 1 }, (_, index) => Math.floor((source.size * (index + 1)) / count));
  }

  /** Of the rows that end in the piece read last. */
  get position(): ShardPosition {
    const { rows, index } = this.shard;
    if (rows === 'all') return 'wanted';
    const at = this.#at;
    return at === index ? 'wanted' : at < index ? 'before' : 'after';
  }

  get endsInOwn(): boolean {
    return this.#at === this.shard.index;
  }

  /** Takes the number of the first of the rows that the piece read last has brought. */
  note(row: number): void {
    const at = this.#at;
    if (at >= this.shard.index) this.#firstOwn = Math.min(this.#firstOwn, row);
    if (at > this.shard.index) this.#firstAfter = Math.min(this.#firstAfter, row);
  }

  /** Whether a row that has been noted, or followed one that was, is the shard's own. */
  isOwn(row: number): boolean {
    return row >= this.#firstOwn && row < this.#firstAfter;
  }

  /** Index of the shard in whose share the piece read last lies. */
  get #at(): number {
    return this.cuts.filter((cut) => cut < this.source.read).length;
  }
}
