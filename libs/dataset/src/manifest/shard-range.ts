import type { ReaderShard, ShardPosition } from './types.js';

/** The only shard of a process that reads the whole file. */
export const WHOLE_FILE: ReaderShard = { index: 0, count: 1, rows: 'all' };

/**
 * The share of a file that one shard owns. The bytes are divided evenly, and a row belongs to the shard in whose share it
 * ends. Every process reads in pieces that end at the cuts, so all agree on the owner of a row in any format. Formats that
 * know the number of their rows divide these.
 */
export class ShardRange {
  /** The offsets at which the second share and all later ones begin. */
  readonly cuts: readonly number[];
  #firstOwn = Infinity;
  #firstAfter = Infinity;

  constructor(
    private readonly shard: ReaderShard,
    /** The length of the table and what has been read of it, in bytes or, for some formats, in rows. */
    private readonly source: { readonly size: number; readonly read: number },
  ) {
    const { count } = shard;
    this.cuts = Array.from({ length: count - 1 }, (_, index) => Math.floor((source.size * (index + 1)) / count));
  }

  /** The position of the rows that end in the latest piece. */
  get position(): ShardPosition {
    const { rows, index } = this.shard;
    if (rows === 'all') return 'wanted';
    const current = this.#current;
    return current === index ? 'wanted' : current < index ? 'before' : 'after';
  }

  /** Whether the latest piece is in the shard's own share. */
  get endsInOwn(): boolean {
    return this.#current === this.shard.index;
  }

  /** Must be called with the number of the first row that ends in the latest piece. */
  noteFirstRow(row: number): void {
    const current = this.#current;
    if (current >= this.shard.index) this.#firstOwn = Math.min(this.#firstOwn, row);
    if (current > this.shard.index) this.#firstAfter = Math.min(this.#firstAfter, row);
  }

  /** Whether the shard owns a row. The first row of the row's piece must have been noted. */
  isOwn(row: number): boolean {
    return row >= this.#firstOwn && row < this.#firstAfter;
  }

  /** The index of the shard whose share has the latest piece. */
  get #current(): number {
    return this.cuts.filter((cut) => cut < this.source.read).length;
  }
}
