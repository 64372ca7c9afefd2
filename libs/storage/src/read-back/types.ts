import type { Checksums, ColumnChecksum, StoredRow } from '../checksums/column-checksums.js';
import type { LabelCounts } from '../ledger/types.js';

/** Rows of a page of cells. Longer pages are not faster and need more memory. */
export const CHECKSUM_PAGE = 1000;
/** Characters or bytes after which a page of cells ends. A single row may have more. */
export const PAGE_TEXT = 4 << 20;

/** Reads a table's cells, page by page. */
export interface CellReader {
  /**
   * Returns the next rows in the order of their ids: at most `limit`, and fewer when they reach `PAGE_TEXT`. Returns none
   * at the end.
   */
  read(afterId: number, limit: number): Promise<StoredRow[]>;
  close(): Promise<void>;
}

/** Reads cells of rows that stay as they were read until it is closed, or whose change somebody else notices. */
export interface GuardedCells extends CellReader {
  /** Returns whether the table has no rows beside those with ids from 1 to this one. */
  isAll(lastId: number): Promise<boolean>;
}

/** What was read back of a table. */
export interface StoredRows {
  checksums: Checksums;
  labels: LabelCounts;
}

/** What a shard has read back of what it loaded. */
export interface ShardReadBack {
  /** It is absent if they were not read. The table holds them for as long as the shard guards its rows; see `ShardLocks`. */
  rows?: StoredRows;
  /** The state of its files before they were compared with their sources; absent if they were not, or differ. */
  files?: ColumnChecksum;
}

export interface ReadBackOptions {
  /** Aborting it ends the reading. */
  signal: AbortSignal;
  /** The number of rows from which on they are read back. Default: `WORTH_READING_BACK`, divided among the shards. */
  least?: number;
  /** The shard whose rows are read. Default: the table has no other rows. */
  shard?: ShardOfRun;
}

export interface ShardOfRun {
  runId: string;
  index: number;
  count: number;
}

/** Fewer rows are read within a second when all are written, and need no connection or thread for that. */
export const WORTH_READING_BACK = 100_000;

/** Reads the committed rows of a table, or of a shard, back while others are still written. Their ids have no gaps. */
export interface ReadBack {
  /**
   * Begins to read the rows up to this id, which are committed. `afterId` is the id before the first row, which only the
   * first call needs to say. It never throws; see `finish`.
   */
  readTo(lastId: number, afterId?: number): void;
  /**
   * Reads the rest of the rows up to this id. Returns what the table, or the shard, holds. Returns `undefined` if that cannot
   * be told from this reading: the rows are few, a statement failed, or somebody else changed the table.
   */
  finish(lastId: number): Promise<StoredRows | undefined>;
  /** Stops reading, and lets others change the rows again. */
  close(): Promise<void>;
}
